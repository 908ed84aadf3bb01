"""Writes a county's synthetic roster from the list of invented names and a seed: the same seed, the same file for ever.

    python -m stack.pack_roster deploy/counties/taoyuan

Nobody in it can be taken for a real person: names of landscapes and of calendar days, identity numbers of region 999,
which is assigned to no place (their check digits are right), phones that begin with 109, as no subscriber's does, homes
that say 虚构 (invented).
"""

import csv
import hashlib
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

HEADINGS = (
    "姓名", "身份证号", "电话", "人员类别", "是否党员", "职级", "乡镇街道", "城乡", "住址",
    "所属支部", "转入日期", "积分分类", "分类日期",
)  # fmt: skip
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
KINDS = ("退休",) * 15 + ("企业退休",) * 3 + ("党员（非干部）",) * 2
RANKS = ("", "科员级", "科员级", "副科级", "副科级", "副科级", "正科级", "正科级", "副处级", "正处级")
CLASSES = ("A",) * 5 + ("B",) * 3 + ("C", "D")
CLASSES_SINCE = date(2022, 1, 1)
RETIRED = (date(1932, 1, 1), date(1961, 12, 31))
LIXIU_BORN = (date(1925, 1, 1), date(1932, 12, 31))  # 离休 joined before October 1949


class Draw:
    """Answers every question by hashing it with the seed, so that no Python release can change an answer."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def number(self, *question: object) -> int:
        return int.from_bytes(hashlib.sha256(repr((self.seed, *question)).encode()).digest()[:8])

    def of(self, choices: Sequence[T], *question: object) -> T:
        return choices[self.number(*question) % len(choices)]

    def day(self, between: tuple[date, date], *question: object) -> date:
        first, last = between
        return first + timedelta(days=self.number(*question) % ((last - first).days + 1))


def identity_number(region: str, born: date, order: int) -> str:
    """Eighteen characters with their check digit (GB 11643)."""
    first = f"{region}{born:%Y%m%d}{order:03}"
    return first + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True)) % 11]


def rows(pack: Path) -> Iterator[tuple[str, ...]]:
    """The roster's rows, branch by branch in the county's order."""
    county, names = _read(pack / "county.toml"), _read(pack.parent / "invented-names.toml")
    branches = [
        o for o in _read(pack / "organisations.toml")["organisation"] if o["kind"] == "branch" and "small" not in o
    ]
    draw = Draw(county["roster"]["seed"])
    pairs = [surname + given for surname in names["surnames"] for given in names["given"]]
    pairs.sort(key=lambda name: draw.number("name", name))
    townships = [township["name"] for township in _read(pack / "divisions.toml")["township"]]
    total = county["roster"]["people"]
    for number in range(total):
        branch = branches[number * len(branches) // total]
        yield _row(draw, number, pairs[number], branch["name"], townships)


def _row(draw: Draw, number: int, name: str, branch: str, townships: Sequence[str]) -> tuple[str, ...]:
    lixiu = draw.number("lixiu", number) % 40 == 0
    kind = "离休" if lixiu else draw.of(KINDS, "kind", number)
    rank = draw.of(RANKS, "rank", number) if kind in ("离休", "退休") else ""
    born = draw.day(LIXIU_BORN if lixiu else RETIRED, "born", number)
    joined = draw.day((date(2017, 1, 1), date(2021, 11, 30)), "joined", number)
    class_ = "D" if lixiu else draw.of(CLASSES, "class", number)
    return (
        name,
        identity_number("999202", born, 100 + number % 900),
        f"1090002{number:04}",
        kind,
        "是",  # whoever belongs to a party branch is a member
        rank,
        draw.of(townships, "township", number),
        draw.of(("城区", "农村"), "residence", number),
        f"示例大道{number + 1}号（虚构）",
        branch,
        joined.isoformat(),
        class_,
        CLASSES_SINCE.isoformat(),
    )


def write(pack: Path) -> Path:
    """Write the roster that county.toml names."""
    target = pack / str(_read(pack / "county.toml")["roster"]["file"])
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADINGS, *rows(pack)])
    return target


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
