"""Why a total is what it is: the cell is added up again, step by step, each step with its arithmetic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scoring.ids import Quarter
from scoring.ledger.domain import arithmetic, cells
from scoring.ledger.domain.arithmetic import figure, line_arithmetic
from scoring.ledger.domain.cells import Cell, Line, Points, Spent, Total
from scoring.rulebooks.domain import Aspect, Book, Item

__all__ = ["AspectSum", "Explanation", "ItemSum", "MonthSum", "Quarters", "explain", "figure", "line_arithmetic"]


@dataclass(frozen=True, slots=True)
class Quarters:
    """All that a quarter's total may look at: the person's quarters in scope, their books, what was published."""

    cells: Mapping[Quarter, Cell]
    books: Mapping[Quarter, Book]
    frozen_own: Mapping[Quarter, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MonthSum:
    month: str
    count: int
    sum: int
    points: int
    arithmetic: str


@dataclass(frozen=True, slots=True)
class ItemSum:
    item: str
    name: str
    aspect: str
    months: tuple[MonthSum, ...]
    points: int
    arithmetic: str


@dataclass(frozen=True, slots=True)
class AspectSum:
    """The months are there only if the book looks at the aspect's months; counts are those of its lines."""

    aspect: str
    name: str
    items: tuple[ItemSum, ...]
    points: int
    arithmetic: str
    months: tuple[MonthSum, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    total: Total
    aspects: tuple[AspectSum, ...]
    arithmetic: str
    base: str = ""


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell, while it is being explained."""

    cell: Cell
    book: Book
    spent: Spent  # by the year's quarters before
    points: Points
    worths: Mapping[tuple[str, str], Sequence[int]]  # item, month → what each standing line is worth


def explain(
    period: Quarter, quarters: Quarters, standing: Sequence[Line], adjustments: Mapping[Quarter, int] | None = None
) -> Explanation:
    """Add one quarter up again. `standing` are its lines that no other has reversed."""
    totals = cells.own_totals(quarters.cells, quarters.books, quarters.frozen_own)
    own, book = totals[period], quarters.books[period]
    cell, spent = quarters.cells[period], _spent_before(period, quarters)
    subject = _Cell(cell, book, spent, cells.points_of(cell, book, spent.copy()), _worths(standing))
    aspects = tuple(_aspect_sum(subject, aspect) for aspect in book.aspects)
    owed = dict(adjustments or {})
    total = replace(own, adjustments=owed, total=own.total + sum(owed.values()))
    before = cells.own_before(period, totals, quarters.frozen_own)
    return Explanation(total, aspects, _total(subject, total, aspects), _base(book, total, before))


def _base(book: Book, total: Total, before: int | None) -> str:
    if book.carry_over is None or before is None:
        return f"基础分 {figure(total.base)}"
    return arithmetic.carried_over(before, book.carry_over, total.carried)


def _total(subject: _Cell, total: Total, aspects: Sequence[AspectSum]) -> str:
    if subject.book.mean_of_months:
        text, worth = _mean_total(subject, total, aspects)
    else:
        worth = total.base + sum(total.aspects.values())
        text = f"{arithmetic.added([total.base, *total.aspects.values()])} = {figure(worth)}"
    veto = f", 一票否决, 计 {figure(total.own)}" if total.vetoed else ""
    return text + veto + arithmetic.settled(total.adjustments, total.total)


def _mean_total(subject: _Cell, total: Total, aspects: Sequence[AspectSum]) -> tuple[str, int]:
    """Base and the mean of the eligible months, rounded once: “(21 + 24 + 26) ÷ 3 = 23.7, 20 + 23.7 = 43.7”."""
    eligible = subject.cell.months
    months = [sum(each.points for a in aspects for each in a.months if each.month == month) for month in eligible]
    mean = subject.points.sum
    worth = total.base + mean
    text = f"{arithmetic.added([total.base, mean])} = {figure(worth)}"
    return (f"{arithmetic.averaged(months, mean)}, {text}" if len(months) > 1 else text), worth


def _aspect_sum(subject: _Cell, aspect: Aspect) -> AspectSum:
    book = subject.book
    own = (item for item in book.items if item.aspect == aspect.code and item.code in subject.cell.sums)
    items = tuple(_item_sum(subject, item) for item in own)
    points = subject.points.aspects[aspect.code]
    if book.mean_of_months:
        months = tuple(_aspect_month(aspect, items, month) for month in subject.cell.months)
        text = arithmetic.averaged([month.points for month in months], points)
        return AspectSum(aspect.code, aspect.name, items, points, text, months)
    months, parts = (), [each.points for each in items]
    if aspect.month_cap is not None:
        names = sorted({month.month for each in items for month in each.months})
        months = tuple(_aspect_month(aspect, items, month) for month in names)
        parts = [month.points for month in months]
    quarter = cells.clamp(sum(parts), aspect.quarter_cap)
    before = subject.spent.aspects.get(aspect.code, 0)
    text = arithmetic.capped(parts, aspect.quarter_cap)
    text += arithmetic.in_year(quarter, before, points, aspect.year_cap, takes=False)
    return AspectSum(aspect.code, aspect.name, items, points, text, months)


def _aspect_month(aspect: Aspect, items: Sequence[ItemSum], name: str) -> MonthSum:
    """One month across an aspect's items, within the aspect's monthly cap."""
    months = [month for each in items for month in each.months if month.month == name]
    parts, count = [month.points for month in months], sum(month.count for month in months)
    points = cells.clamp(sum(parts), aspect.month_cap)
    return MonthSum(name, count, sum(parts), points, arithmetic.capped(parts, aspect.month_cap))


def _item_sum(subject: _Cell, item: Item) -> ItemSum:
    months = subject.cell.sums[item.code]
    each = tuple(_month_sum(subject, item, month, total) for month, total in sorted(months.items()))
    if subject.book.mean_of_months:
        parts = [month.points for month in each]
        return ItemSum(item.code, item.name, item.aspect or "", each, sum(parts), arithmetic.capped(parts, None))
    before, points = subject.spent.items.get(item.code, 0), subject.points.items[item.code]
    quarter = cells.item_points(item, months)
    text = _quarter_arithmetic(subject, item, each)
    text += arithmetic.in_year(quarter, before, points, item.year_cap, takes=item.takes_away)
    return ItemSum(item.code, item.name, item.aspect or "", each, points, text)


def _quarter_arithmetic(subject: _Cell, item: Item, months: Sequence[MonthSum]) -> str:
    limit = arithmetic.bottom if item.takes_away else arithmetic.top
    if item.month_cap is None:
        values = [value for month in months for value in subject.worths.get((item.code, month.month), ())]
        total = sum(month.sum for month in months)
        return arithmetic.times(item, values, total) + limit(total, item.quarter_cap)
    parts = [month.points for month in months]
    return arithmetic.capped(parts, None) + limit(sum(parts), item.quarter_cap)


def _month_sum(subject: _Cell, item: Item, month: str, total: int) -> MonthSum:
    values = subject.worths.get((item.code, month), ())
    limit = arithmetic.bottom if item.takes_away else arithmetic.top
    text = arithmetic.times(item, values, total) + limit(total, item.month_cap)
    points = cells.month_points(item, total)
    if subject.book.mean_of_months and month not in subject.cell.months:
        return MonthSum(month, len(values), total, 0, f"{text}, 本月不参加计算")
    return MonthSum(month, len(values), total, points, text)


def _spent_before(period: Quarter, quarters: Quarters) -> Spent:
    spent = Spent()
    for earlier in sorted(quarters.cells):
        if earlier[:4] == period[:4] and earlier < period:
            cells.points_of(quarters.cells[earlier], quarters.books[earlier], spent)
    return spent


def _worths(standing: Iterable[Line]) -> Mapping[tuple[str, str], Sequence[int]]:
    worths: dict[tuple[str, str], list[int]] = {}
    for line in standing:
        worths.setdefault((line.earned.item, line.earned.month), []).append(line.earned.value)
    return worths
