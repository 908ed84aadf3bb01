"""A cell is one person's quarter: sums by item and month, which only ledger lines move. Points are clamps on sums.

A year's cap looks at the quarters before, vetoed or not: a veto takes points away and never makes room for others.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scoring.ids import BookId, LineId, PersonId, Quarter
from scoring.rulebooks.domain import BASE, Aspect, Book, Item

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


@dataclass(slots=True)
class Spent:
    """What the year's quarters came to so far, before the year's caps: by item, and by aspect."""

    items: dict[str, int] = field(default_factory=dict)
    aspects: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Spent":
        return Spent(dict(self.items), dict(self.aspects))


@dataclass(frozen=True, slots=True)
class Points:
    """What a cell earns beside its base. Of a mean the sum is rounded once, each aspect for the eye only."""

    items: Mapping[str, int]
    aspects: Mapping[str, int]
    sum: int


def clamp(total: int, cap: int | None) -> int:
    return total if cap is None else min(total, cap)


def half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def item_points(item: Item, months: Mapping[str, int]) -> int:
    """Clamp the months, then the quarter; what a deduction takes is clamped from below."""
    total = sum(months.values() if item.month_cap is None else [month_points(item, month) for month in months.values()])
    return -clamp(-total, item.quarter_cap) if item.kind == "deduction" else clamp(total, item.quarter_cap)


def month_points(item: Item, month: int) -> int:
    """Clamp one month's sum; of a deduction the cap is the most that it takes."""
    return -clamp(-month, item.month_cap) if item.kind == "deduction" else clamp(month, item.month_cap)


def own_totals(
    cells_in_scope: Mapping[Quarter, Cell], books: Mapping[Quarter, Book], frozen_own: Mapping[Quarter, int | None]
) -> dict[Quarter, Total]:
    """Add up each quarter of one person, in order, since a year's cap and a carried base look at what came before."""
    totals = dict[Quarter, Total]()
    year, spent = "", None
    capped = any(books[period].year_capped for period in cells_in_scope)
    for period in sorted(cells_in_scope):
        if capped and period[:4] != year:
            year, spent = period[:4], Spent()
        cell, book = cells_in_scope[period], books[period]
        before = None if book.carry_over is None else own_before(period, totals, frozen_own)
        base, carried = base_of(cell, book, before)
        points = points_of(cell, book, spent)
        total = 0 if cell.vetoes else base + points.sum
        totals[period] = Total(period, base, points.aspects, total, carried, cell.vetoes > 0)
    return totals


def own_before(
    period: Quarter, totals: Mapping[Quarter, Total], frozen_own: Mapping[Quarter, int | None]
) -> int | None:
    """The own total of the quarter before: as published, else as it is now.

    None in the first quarter of a year, and where a close published nothing of the person: what came too late for it
    is settled in full and never again as a share of the base.
    """
    year, number = period[:4], int(period[5:])
    before = Quarter(f"{year}Q{number - 1}")
    return frozen_own.get(before, totals[before].own if before in totals else None)


def base_of(cell: Cell, book: Book, before: int | None) -> tuple[int, int]:
    """The base, and how much of it was carried over from the quarter before."""
    if book.carry_over is None or before is None:
        return sum(cell.sums.get(BASE, {}).values()), 0
    carried = half_up(before * book.carry_over, 100)
    return carried, carried


def points_of(cell: Cell, book: Book, spent: Spent | None) -> Points:
    """Aspects are clamped sums of their items. Note in `spent` what the year's caps have to know later."""
    if book.mean_of_months:
        return _mean(cell, book)
    items, sums = dict[str, int](), dict.fromkeys([aspect.code for aspect in book.aspects], 0)
    for item in book.items:
        if item.aspect and item.code in cell.sums:
            points = item_points(item, cell.sums[item.code])
            items[item.code] = points if spent is None else _in_year(points, item, spent.items)
            sums[item.aspect] += items[item.code]
    for aspect in book.aspects:
        total = sums[aspect.code] if aspect.month_cap is None else sum(aspect_months(cell, book, aspect).values())
        points = clamp(total, aspect.quarter_cap)
        sums[aspect.code] = points if spent is None else _in_year(points, aspect, spent.aspects)
    return Points(items, sums, sum(sums.values()))


def aspect_months(cell: Cell, book: Book, aspect: Aspect) -> dict[str, int]:
    """What an aspect earns in each month, within its monthly cap."""
    months = dict[str, int]()
    for item in book.items:
        if item.aspect == aspect.code:
            for month, total in cell.sums.get(item.code, {}).items():
                months[month] = months.get(month, 0) + month_points(item, total)
    return {month: clamp(total, aspect.month_cap) for month, total in sorted(months.items())}


def year_total(published: Sequence[int], take: str) -> int:
    """A year's evaluation of one person, over the quarters that were published."""
    return half_up(sum(published), len(published)) if take == "mean" and published else sum(published)


def _mean(cell: Cell, book: Book) -> Points:
    """Only eligible months count. The sums stay whole until the one rounding at the end."""
    count = len(cell.months) or 1
    sums = {}
    for aspect in book.aspects:
        earned = aspect_months(cell, book, aspect)
        sums[aspect.code] = sum(earned.get(month, 0) for month in cell.months)
    aspects = {code: half_up(total, count) for code, total in sums.items()}
    return Points({}, aspects, half_up(sum(sums.values()), count))


def _in_year(points: int, of: Item | Aspect, spent: dict[str, int]) -> int:
    """A year's cap leaves a quarter what the year comes to with it, less what it came to before."""
    before = spent.get(of.code, 0)
    spent[of.code] = before + points
    if of.year_cap is None:
        return points
    sign = -1 if isinstance(of, Item) and of.kind == "deduction" else 1
    return sign * (clamp(sign * (before + points), of.year_cap) - clamp(sign * before, of.year_cap))


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
