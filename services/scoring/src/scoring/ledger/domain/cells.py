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

    @property
    def vetoes(self) -> bool:
        """Tell whether this line, of no aspect and no value, makes the quarter's own total zero."""
        return self.earned.aspect is None and self.earned.item != BASE


@dataclass(frozen=True, slots=True)
class Cell:
    person: PersonId
    period: Quarter
    book: BookId
    in_scope: bool = False
    sums: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # item → month → tenths, nothing that is zero
    vetoes: int = 0  # that stand
    months: tuple[str, ...] = ()  # eligible: in scope on one of their days at least, and not exempt on all of them


@dataclass(frozen=True, slots=True)
class Total:
    """What a quarter is worth. The base is the one that applies; of it, `carried` came from the quarter before.

    Adjustments settle closed quarters. They stand outside every cap and the veto, and are within the total.
    """

    period: Quarter
    base: int
    aspects: Mapping[str, int]
    total: int
    carried: int = 0
    vetoed: bool = False
    adjustments: Mapping[Quarter, int] = field(default_factory=dict)

    @property
    def own(self) -> int:
        return self.total - sum(self.adjustments.values())


def rate(shape: Shape, class_: str | None, book: Book) -> Item | None:
    """Say which item of the book this shape earns under this class; the linter allows one at most."""
    if class_ not in book.base:
        return None
    return next((item for item in book.items if item.claims(shape)), None)


def clamp(total: int, cap: int | None) -> int:
    return total if cap is None else min(total, cap)


def item_points(item: Item, months: Mapping[str, int]) -> int:
    """Clamp the months, then the quarter. What a deduction takes is clamped from below."""
    sign = -1 if item.kind == "deduction" else 1
    return sign * clamp(sum(clamp(sign * month, item.month_cap) for month in months.values()), item.quarter_cap)


def own_totals(
    cells_in_scope: Mapping[Quarter, Cell], books: Mapping[Quarter, Book], frozen_own: Mapping[Quarter, int]
) -> dict[Quarter, Total]:
    """Add up each quarter of one person, in order, since a year's cap and a carried base look at what came before."""
    totals = dict[Quarter, Total]()
    for period in sorted(cells_in_scope):
        totals[period] = total_of(cells_in_scope[period], books[period])
    return totals


def total_of(cell: Cell, book: Book) -> Total:
    """Base and aspects: an aspect is the clamped sum of its items."""
    sums = dict.fromkeys((aspect.code for aspect in book.aspects), 0)
    for item in book.items:
        if item.aspect and item.code in cell.sums:
            sums[item.aspect] += item_points(item, cell.sums[item.code])
    aspects = {aspect.code: clamp(sums[aspect.code], aspect.quarter_cap) for aspect in book.aspects}
    base = sum(cell.sums.get(BASE, {}).values())
    vetoed = cell.vetoes > 0
    return Total(cell.period, base, aspects, 0 if vetoed else base + sum(aspects.values()), vetoed=vetoed)


def move(cell: Cell, lines: Iterable[Line]) -> Cell:
    """Move the cell's sums and its vetoes by the lines; there is no other way to move them."""
    sums = {item: dict(months) for item, months in cell.sums.items()}
    vetoes = cell.vetoes
    for line in lines:
        if line.vetoes:
            vetoes += -1 if line.reverses else 1
            continue
        months = sums.setdefault(line.earned.item, {})
        months[line.earned.month] = months.get(line.earned.month, 0) + line.earned.value
    left = {item: {month: value for month, value in months.items() if value} for item, months in sums.items()}
    return replace(cell, sums={item: months for item, months in left.items() if months}, vetoes=vetoes)


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
