"""A roster (花名册) as a bureau keeps it: a sheet with Chinese headings, one person a row.

Reading never stops at the first fault: the clerk gets every bad row, column and reason at once. An empty cell means
"not told": for someone already in the books it changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.identity.domain import IdentityNumber, Phone
from registry.people.domain import Kind, Person, Residence, Standing
from registry.rosters.domain.words import HEADINGS, Column, heading, parsers
from registry.taxonomies.domain import Taxonomies

HEADING_WITHIN = 10  # rows: titles stand above the headings
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that does not hold what the clerk sees in it; the reason says what to do."""

    reason: str


Cell = str | Unreadable  # an empty cell is empty text
Sheet = Sequence[Sequence[Cell]]


class UnreadableRoster(ValueError):
    """The sheet is no roster: no headings, one of them twice, or too long."""


class BrokenRoster(ValueError):
    """Rows are wrong, so nothing was taken over; `errors` has each row, column and reason."""

    def __init__(self, faults: Sequence["Fault"]) -> None:
        super().__init__(f"名册有 {len(faults)} 处需要改正，没有导入任何人。请按所列行、列修改后重新上传。")
        self.errors = [fault.place() for fault in faults]


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` counts as the spreadsheet does, from 1; the reason says what to do and never repeats the cell."""

    row: int
    column: str
    reason: str

    def place(self) -> dict[str, str | int]:
        return {"row": self.row, "column": self.column, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that is right. None: not told."""

    row: int
    name: str
    identity: IdentityNumber
    phone: Phone | None = None
    kind: Kind | None = None
    party_member: bool | None = None
    rank: str | None = None
    township: str | None = None
    residence: Residence | None = None
    address: str | None = None

    def standing(self, before: Person | None) -> Standing:
        """What will stand after this row, given what stood. Raises KindMissing for somebody new."""
        old = before.standing if before else None
        kind = self.kind or (old.kind if old else None)
        if kind is None:
            raise KindMissing
        party = self.party_member if self.party_member is not None else old.party_member if old else kind is Kind.MEMBER
        return Standing(
            kind=kind,
            party_member=party,
            rank=self.rank or (old.rank if old else None),
            township=self.township or (old.township if old else None),
            residence=self.residence or (old.residence if old else None),
        )


class KindMissing(ValueError):
    def __init__(self) -> None:
        super().__init__("名册中的新人员必须填写人员类别。")


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet, read: the right rows, the faults of the others, and the columns (A, B, …) nobody will look at."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]


def read(sheet: Sheet, known: Taxonomies, today: date) -> Reading:
    """Read every row. Raises UnreadableRoster when there is nothing to read rows by."""
    top, columns = _headings(sheet)
    if len(sheet) > MOST_ROWS:
        raise UnreadableRoster(f"名册超过 {MOST_ROWS} 行，请分成几份上传。")
    parse = parsers(known, today)
    entries: dict[str, Entry] = {}
    faults: list[Fault] = []
    for row, cells in enumerate(sheet[top + 1 :], start=top + 2):
        if not any(cells):
            continue
        entry = _entry(row, cells, columns, parse, faults)
        if entry and (first := entries.setdefault(entry.identity.text, entry)) is not entry:
            faults.append(Fault(row, Column.IDENTITY, f"与第 {first.row} 行的身份证号相同，请只保留一行。"))
    ignored = tuple(_letter(place) for place, cell in enumerate(sheet[top]) if cell and place not in columns)
    return Reading(tuple(entries.values()), tuple(faults), ignored)


def _headings(sheet: Sheet) -> tuple[int, dict[int, Column]]:
    """The headings' row, and what each place in it holds."""
    for top, cells in enumerate(sheet[:HEADING_WITHIN]):
        texts = ((place, heading(cell)) for place, cell in enumerate(cells) if isinstance(cell, str))
        found = {place: HEADINGS[text] for place, text in texts if text in HEADINGS}
        if {Column.NAME, Column.IDENTITY} <= set(found.values()):
            if twice := [column for column in Column if list(found.values()).count(column) > 1]:
                raise UnreadableRoster(f"名册中“{twice[0]}”有不止一列，请只保留一列。")
            return top, found
    raise UnreadableRoster(f"前 {HEADING_WITHIN} 行中没有找到“姓名”和“身份证号”两个列名，请检查表头。")


def _entry(
    row: int,
    cells: Sequence[Cell],
    columns: Mapping[int, Column],
    parse: Mapping[Column, Callable[[str], Any]],
    faults: list[Fault],
) -> Entry | None:
    read: dict[Column, Any] = {}
    before = len(faults)
    for place, column in columns.items():
        cell = cells[place] if place < len(cells) else ""
        try:
            if isinstance(cell, Unreadable):
                raise ValueError(cell.reason)  # noqa: TRY004, TRY301 — a fault like any other of this cell
            read[column] = parse[column](cell) if cell else None
        except ValueError as wrong:
            faults.append(Fault(row, column, str(wrong)))
    needed = (column for column in (Column.NAME, Column.IDENTITY) if column in read and read[column] is None)
    faults.extend(Fault(row, column, f"{column}必须填写。") for column in needed)
    if len(faults) > before:
        return None
    return Entry(
        row=row,
        name=read[Column.NAME],
        identity=read[Column.IDENTITY],
        phone=read.get(Column.PHONE),
        kind=read.get(Column.KIND),
        party_member=read.get(Column.PARTY),
        rank=read.get(Column.RANK),
        township=read.get(Column.TOWNSHIP),
        residence=read.get(Column.RESIDENCE),
        address=read.get(Column.ADDRESS),
    )


def _letter(place: int) -> str:
    return (_letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)  # noqa: PLR2004 — the alphabet
