"""Why a total is what it is, in figures that a retired cadre can add up on paper: 15 × 2 = 30, 封顶 12."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoring.ledger.domain import cells
from scoring.ledger.domain.cells import Cell, Line, Total
from scoring.rulebooks.domain import BASE, Book, Item


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
    aspect: str
    name: str
    items: tuple[ItemSum, ...]
    points: int
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Explanation:
    total: Total
    aspects: tuple[AspectSum, ...]
    arithmetic: str


def figure(tenths: int) -> str:
    """Write tenths as points: 20 → “2”, 15 → “1.5”, -5 → “-0.5”."""
    whole, rest = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{whole}{f'.{rest}' if rest else ''}"


def line_arithmetic(line: Line, book: Book) -> str:
    """Say how one line came about, in the book's words."""
    value = figure(abs(line.earned.value))
    text = f"基础分 {value}" if line.earned.item == BASE else f"{_name(book, line.earned.item)} 1 × {value} = {value}"
    return f"冲销：{text}" if line.reverses else text


def explain(cell: Cell, book: Book, standing: Sequence[Line]) -> Explanation:
    """Add the cell up again, step by step. The standing lines give the counts."""
    total = cells.total_of(cell, book)
    counts = _counts(standing)
    aspects = []
    for aspect in book.aspects:
        items = [item for item in book.items if item.aspect == aspect.code and item.code in cell.sums]
        sums = tuple(_item_sum(item, cell.sums[item.code], counts) for item in items)
        points = total.aspects[aspect.code]
        text = _capped([each.points for each in sums], aspect.quarter_cap)
        aspects.append(AspectSum(aspect.code, aspect.name, sums, points, text))
    parts = [total.base, *(each.points for each in aspects)]
    return Explanation(total, tuple(aspects), f"{_added(parts)} = {figure(total.total)}")


def _item_sum(item: Item, months: Mapping[str, int], counts: Mapping[tuple[str, str], int]) -> ItemSum:
    value = figure(item.value)
    each = []
    for month, total in sorted(months.items()):
        count = counts.get((item.code, month), 0)
        text = f"{count} × {value} = {figure(total)}{_cap(total, item.month_cap)}"
        each.append(MonthSum(month, count, total, cells.clamp(total, item.month_cap), text))
    points = cells.item_points(item, months)
    if item.month_cap is None:
        total, count = sum(months.values()), sum(month.count for month in each)
        arithmetic = f"{count} × {value} = {figure(total)}{_cap(total, item.quarter_cap)}"
    else:
        arithmetic = _capped([month.points for month in each], item.quarter_cap)
    return ItemSum(item.code, item.name, item.aspect or "", tuple(each), points, arithmetic)


def _capped(parts: Sequence[int], cap: int | None) -> str:
    total = sum(parts)
    added = f"{_added(parts)} = {figure(total)}" if len(parts) > 1 else figure(total)
    return added + _cap(total, cap)


def _added(parts: Sequence[int]) -> str:
    return " + ".join(figure(part) for part in parts)


def _cap(total: int, cap: int | None) -> str:
    """Mention a cap only where it bites."""
    return f", 封顶 {figure(cap)}" if cap is not None and total > cap else ""


def _counts(standing: Iterable[Line]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for line in standing:
        key = (line.earned.item, line.earned.month)
        counts[key] = counts.get(key, 0) + 1
    return counts


def _name(book: Book, code: str) -> str:
    return next((item.name for item in book.items if item.code == code), code)
