"""Reads a county's pack: configuration and story as data (deploy/counties/<word>/). Nothing here knows a server."""

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
"""One table of a TOML file, as it was written."""

LISTS = ("activity-kind", "theme", "place-kind", "host", "class", "capacity", "rank", "township")


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the roster, as far as the story needs it; the rest is for registry's own eyes."""

    name: str
    branch: str  # the pack's key
    since: date
    class_: str
    class_since: date


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    steps: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    folder: Path
    county: Row
    taxonomies: Mapping[str, Sequence[Row]]  # by the list's name
    organisations: Mapping[str, Row]  # by key, in the county's order
    people: Mapping[str, Row]  # the named ones, by key
    roster: tuple[Member, ...]
    book: Row
    what_if: Row  # a draft, as what it changes in the book; empty: none
    chapters: tuple[Chapter, ...]
    expected: Row

    @property
    def word(self) -> str:
        return str(self.county["word"])

    @property
    def roster_file(self) -> Path:
        return self.folder / str(self.county["roster"]["file"])

    @property
    def large_branches(self) -> tuple[str, ...]:
        """The branches whose members come from the roster."""
        return tuple(
            key for key, row in self.organisations.items() if row["kind"] == "branch" and not row.get("small", False)
        )

    def step(self, key: str) -> Row:
        return next(step for chapter in self.chapters for step in chapter.steps if step["key"] == key)

    def members_of(self, branch: str) -> tuple[Member, ...]:
        return tuple(member for member in self.roster if member.branch == branch)


def load(folder: Path) -> Pack:
    """Read a pack. Raises OSError, tomllib.TOMLDecodeError or KeyError where it is broken."""
    county = read(folder / "county.toml")
    lists = {**read(folder / "taxonomies.toml"), **read(folder / "divisions.toml")}
    organisations = {row["key"]: row for row in read(folder / "organisations.toml")["organisation"]}
    return Pack(
        folder=folder,
        county=county,
        taxonomies={name: lists[name] for name in LISTS},
        organisations=organisations,
        people={row["key"]: row for row in read(folder / "people.toml")["person"]},
        roster=_roster(folder / county["roster"]["file"], organisations),
        book=read(folder / "book.toml"),
        what_if=read(folder / "what-if.toml") if (folder / "what-if.toml").exists() else {},
        chapters=tuple(_chapter(folder / file) for file in county["story"]),
        expected=read(folder / "expected.toml"),
    )


def read(path: Path) -> dict[str, Any]:
    """A TOML file; figures stay exact."""
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def tenths(points: Decimal | int) -> int:
    """Points as people write them → tenths as they travel. Raises ValueError for a finer figure."""
    value = Decimal(points) * 10
    if value != int(value):
        raise ValueError(f"{points} is finer than a tenth of a point")
    return int(value)


def points(tenth: int) -> str:
    """Tenths → points with one decimal, so that columns line up."""
    return str(Decimal(tenth) / 10 if tenth % 10 else f"{tenth // 10}.0")


def _chapter(path: Path) -> Chapter:
    document = read(path)
    return Chapter(document["title"], tuple(document["step"]))


def _roster(path: Path, organisations: Mapping[str, Row]) -> tuple[Member, ...]:
    keys = {row["name"]: key for key, row in organisations.items()}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            Member(
                name=row["姓名"],
                branch=keys[row["所属支部"]],
                since=date.fromisoformat(row["转入日期"]),
                class_=row["积分分类"],
                class_since=date.fromisoformat(row["分类日期"]),
            )
            for row in csv.DictReader(file)
        )
