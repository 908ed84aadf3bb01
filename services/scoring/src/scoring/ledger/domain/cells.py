"""A cell is one person's quarter: sums by item and month, which only ledger lines move. Points are clamps on sums."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from scoring.ids import BookId, LineId, PersonId, Quarter
from scoring.rulebooks.domain import BASE, Book, Item, Shape

NewId = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Earned:
    """What the rules give for one fact or for being in scope, before any cap."""

    item: str
    aspect: str | None
    month: str
    value: int
    fact: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """Written once, never changed: a mistake is taken back by a line that reverses it."""

    id: LineId
    person: PersonId
    period: Quarter
    book: BookId
    earned: Earned
    reverses: LineId | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    person: PersonId
    period: Quarter
    book: BookId
    in_scope: bool = False
    sums: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # item → month → tenths, nothing that is zero


@dataclass(frozen=True, slots=True)
class Total:
    period: Quarter
    base: int
    aspects: Mapping[str, int]
    total: int


def rate(shape: Shape, class_: str | None, book: Book) -> Item | None:
    """Say which item of the book this shape earns under this class; the linter allows one at most."""
    if class_ not in book.base:
        return None
    return next((item for item in book.items if item.claims(shape)), None)


def clamp(total: int, cap: int | None) -> int:
    return total if cap is None else min(total, cap)


def item_points(item: Item, months: Mapping[str, int]) -> int:
    return clamp(sum(clamp(month, item.month_cap) for month in months.values()), item.quarter_cap)


def total_of(cell: Cell, book: Book) -> Total:
    """Base and aspects: an aspect is the clamped sum of its items."""
    sums = dict.fromkeys((aspect.code for aspect in book.aspects), 0)
    for item in book.items:
        if item.code in cell.sums:
            sums[item.aspect] += item_points(item, cell.sums[item.code])
    aspects = {aspect.code: clamp(sums[aspect.code], aspect.quarter_cap) for aspect in book.aspects}
    base = sum(cell.sums.get(BASE, {}).values())
    return Total(cell.period, base, aspects, base + sum(aspects.values()))


def move(cell: Cell, lines: Iterable[Line]) -> Cell:
    """Move the cell's sums by the lines; there is no other way to move them."""
    sums = {item: dict(months) for item, months in cell.sums.items()}
    for line in lines:
        months = sums.setdefault(line.earned.item, {})
        months[line.earned.month] = months.get(line.earned.month, 0) + line.earned.value
    left = {item: {month: value for month, value in months.items() if value} for item, months in sums.items()}
    return replace(cell, sums={item: months for item, months in left.items() if months})


def reversal(line: Line, new_id: NewId) -> Line:
    return replace(line, id=LineId(new_id()), earned=replace(line.earned, value=-line.earned.value), reverses=line.id)


def corrections(cell: Cell, standing: Iterable[Line], wanted: Iterable[Earned], new_id: NewId) -> list[Line]:
    """Work out the lines that turn what stands into what is wanted: reversals first; what is right already stays."""
    left = set(wanted)
    lines = []
    for line in standing:
        if line.book == cell.book and line.earned in left:
            left.remove(line.earned)
        else:
            lines.append(reversal(line, new_id))
    return lines + [book_line(cell, earned, new_id) for earned in sorted(left, key=_order)]


def book_line(cell: Cell, earned: Earned, new_id: NewId) -> Line:
    return Line(LineId(new_id()), cell.person, cell.period, cell.book, earned)


def _order(earned: Earned) -> tuple[str, str, str]:
    return earned.month, earned.fact or "", earned.item
