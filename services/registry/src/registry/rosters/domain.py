"""A roster (花名册) as a bureau keeps it: a sheet with Chinese headings, one person a row.

Reading never stops at the first fault: the clerk gets every bad row, column and reason at once. An empty cell means
"not told": for someone already in the books it changes nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

from registry.identity.domain import IdentityNumber, Phone
from registry.people import domain as people
from registry.people.domain import Kind, Person, Residence, Standing
from registry.taxonomies.domain import ListName, Taxonomies, Use, WrongCode, look_up

HEADING_WITHIN = 10  # rows: titles stand above the headings
MOST_ROWS = 20_000
LONGEST_NAME = 50


class Column(StrEnum):
    """What we read, by the name that the clerk sees in a report."""

    NAME = "姓名"
    IDENTITY = "身份证号"
    PHONE = "电话"
    KIND = "人员类别"
    PARTY = "是否党员"
    RANK = "职级"
    TOWNSHIP = "乡镇街道"
    RESIDENCE = "城乡"


HEADINGS: Mapping[str, Column] = {
    heading: column
    for column, headings in {
        Column.NAME: "姓名 名字 人员姓名",
        Column.IDENTITY: "身份证号 身份证号码 身份证 公民身份号码 公民身份证号码 证件号码",
        Column.PHONE: "电话 手机号 手机号码 手机 联系电话 联系方式 电话号码",
        Column.KIND: "人员类别 类别 人员类型 离退休类别",
        Column.PARTY: "是否党员 党员 是否中共党员 政治面貌",
        Column.RANK: "职级 职务级别 退休时职级 行政级别 级别",
        Column.TOWNSHIP: "乡镇街道 乡镇/街道 乡镇(街道) 乡镇 街道 所在乡镇 居住地 现居住地",
        Column.RESIDENCE: "城乡 城乡类别 城乡分类 居住地城乡",
    }.items()
    for heading in headings.split()
}
KINDS = {
    Kind.LIXIU: "离休 离休干部",
    Kind.TUIXIU: "退休 退休干部",
    Kind.ENTERPRISE: "企业退休 企业退休人员 企业退休干部 企业离退休党员 企业退休党员",
    Kind.MEMBER: "党员 普通党员 社区党员 非干部党员 党员（非干部） 党员(非干部)",
    Kind.STAFF: "工作人员 在职 在职人员",
}
PARTY = {True: "是 党员 中共党员 中共预备党员 √ Y y 1", False: "否 非党员 群众 × N n 0 无党派人士"}
RESIDENCES = {Residence.URBAN: "城 城区 城镇 城市 县城", Residence.RURAL: "乡 农村 乡村 村"}


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
    parsers = _parsers(known, today)
    entries: dict[str, Entry] = {}
    faults: list[Fault] = []
    for row, cells in enumerate(sheet[top + 1 :], start=top + 2):
        if not any(cells):
            continue
        entry = _entry(row, cells, columns, parsers, faults)
        if entry and (first := entries.setdefault(entry.identity.text, entry)) is not entry:
            faults.append(Fault(row, Column.IDENTITY, f"与第 {first.row} 行的身份证号相同，请只保留一行。"))
    ignored = tuple(_letter(place) for place, cell in enumerate(sheet[top]) if cell and place not in columns)
    return Reading(tuple(entries.values()), tuple(faults), ignored)


@dataclass(frozen=True, slots=True)
class Known:
    """Who has an entry's identity number already. `phone_differs`: from the entry's, if that tells one."""

    person: Person
    name: str
    phone_differs: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking the roster over would do. Every entry is in one of the four."""

    fresh: tuple[tuple[Entry, Standing], ...]
    changed: tuple[tuple[Entry, Person], ...]
    unchanged: int
    faults: tuple[Fault, ...]


def plan(entries: Iterable[Entry], known: Mapping[IdentityNumber, Known]) -> Plan:
    """Compare a roster with the books."""
    fresh: list[tuple[Entry, Standing]] = []
    changed: list[tuple[Entry, Person]] = []
    unchanged, faults = 0, []
    for entry in entries:
        before = known.get(entry.identity)
        try:
            standing = people.sound(entry.standing(before.person if before else None))
        except (KindMissing, people.MemberWithoutParty) as wrong:
            faults.append(Fault(entry.row, Column.KIND, str(wrong)))
            continue
        if before is None:
            fresh.append((entry, standing))
            continue
        after = people.amend(before.person, standing)
        if after == before.person and entry.name == before.name and not before.phone_differs:
            unchanged += 1
        else:
            changed.append((entry, after))
    return Plan(tuple(fresh), tuple(changed), unchanged, tuple(faults))


def _headings(sheet: Sheet) -> tuple[int, dict[int, Column]]:
    """The headings' row, and what each place in it holds."""
    for top, cells in enumerate(sheet[:HEADING_WITHIN]):
        found = {place: HEADINGS[text] for place, cell in enumerate(cells) if (text := _heading(cell)) in HEADINGS}
        if {Column.NAME, Column.IDENTITY} <= set(found.values()):
            if twice := [column for column in Column if list(found.values()).count(column) > 1]:
                raise UnreadableRoster(f"名册中“{twice[0]}”有不止一列，请只保留一列。")
            return top, found
    raise UnreadableRoster(f"前 {HEADING_WITHIN} 行中没有找到“姓名”和“身份证号”两个列名，请检查表头。")


def _heading(cell: Cell) -> str:
    text = re.sub(r"[\s*：:]", "", cell) if isinstance(cell, str) else ""
    return text.replace("（", "(").replace("）", ")")


def _entry(
    row: int,
    cells: Sequence[Cell],
    columns: Mapping[int, Column],
    parsers: Mapping[Column, Callable[[str], Any]],
    faults: list[Fault],
) -> Entry | None:
    read: dict[Column, Any] = {}
    before = len(faults)
    for place, column in columns.items():
        cell = cells[place] if place < len(cells) else ""
        try:
            if isinstance(cell, Unreadable):
                raise ValueError(cell.reason)  # noqa: TRY004, TRY301 — a fault like any other of this cell
            read[column] = parsers[column](cell) if cell else None
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
    )


def _letter(place: int) -> str:
    return (_letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)  # noqa: PLR2004 — the alphabet


def _parsers(known: Taxonomies, today: date) -> dict[Column, Callable[[str], Any]]:
    return {
        Column.NAME: _name,
        Column.IDENTITY: partial(IdentityNumber.parse, today=today),
        Column.PHONE: Phone.parse,
        Column.KIND: partial(_word, _spelled(KINDS), "人员类别应为：离休、退休、企业退休、党员（非干部）或工作人员。"),
        Column.PARTY: partial(_word, _spelled(PARTY), "是否党员应填“是”或“否”。"),
        Column.RESIDENCE: partial(_word, _spelled(RESIDENCES), "城乡应填“城区”或“农村”。"),
        Column.RANK: partial(_code, known, ListName.RANK, today),
        Column.TOWNSHIP: partial(_code, known, ListName.TOWNSHIP, today),
    }


def _name(text: str) -> str:
    name = re.sub(r"\s+", " ", text)
    if len(name) > LONGEST_NAME or re.search(r"[0-9=+@<>]", name):
        raise ValueError("姓名中有数字或符号，或者太长，请核对是否填错了列。")
    return name if re.search(r"[A-Za-z]", name) else name.replace(" ", "")


def _spelled(words: Mapping[Any, str]) -> dict[str, Any]:
    return {spelling: value for value, spellings in words.items() for spelling in spellings.split()}


def _word(words: Mapping[str, Any], sentence: str, text: str) -> object:
    if text not in words:
        raise ValueError(sentence)
    return words[text]


def _code(known: Taxonomies, name: ListName, today: date, text: str) -> str:
    """A code or its name in the county's list, as it holds today."""
    taxonomy = known.get(name)
    for entry in taxonomy.codes if taxonomy else ():
        if text in (entry.code, entry.name) and _holds(known, Use("", name, entry.code, today)):
            return entry.code
    raise ValueError("本县代码表中没有这个名称或代码，请核对写法，或先请管理员补充代码表。")


def _holds(known: Taxonomies, use: Use) -> bool:
    try:
        look_up(known, use)
    except WrongCode:
        return False
    return True
