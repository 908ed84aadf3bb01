"""Sums in words and figures that a retired cadre can check on paper: 15 × 2 = 30, 封顶 12."""

from collections import Counter
from collections.abc import Mapping, Sequence

from scoring.ids import Quarter
from scoring.ledger.domain.cells import Line
from scoring.rulebooks.domain import BASE, Book, Item, Shape


def figure(tenths: int) -> str:
    """Write tenths as points: 20 → “2”, 15 → “1.5”, -5 → “-0.5”."""
    whole, rest = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{whole}{f'.{rest}' if rest else ''}"


def signed(tenths: int) -> str:
    return figure(tenths) if tenths < 0 else f"+{figure(tenths)}"


def added(parts: Sequence[int]) -> str:
    """Write a sum without its result: “2 + 2.5 - 1”."""
    if not parts:
        return "0"
    rest = "".join(f" {'-' if part < 0 else '+'} {figure(abs(part))}" for part in parts[1:])
    return figure(parts[0]) + rest


def capped(parts: Sequence[int], cap: int | None) -> str:
    total = sum(parts)
    text = f"{added(parts)} = {figure(total)}" if len(parts) > 1 else figure(total)
    return text + top(total, cap)


def top(total: int, cap: int | None) -> str:
    """Mention a cap only where it bites."""
    return f", 封顶 {figure(cap)}" if cap is not None and total > cap else ""


def bottom(total: int, cap: int | None) -> str:
    """The same for what is taken away."""
    return f", 最多扣 {figure(cap)}" if cap is not None and total < -cap else ""


def times(item: Item, values: Sequence[int], total: int) -> str:
    """Write what facts of one item come to: “15 × 2 = 30”, or “2 × 2 + 1.5 = 5.5” where they differ in worth."""
    if item.kind in {"bonus", "deduction"} and item.per == "occurrence":
        return f"{len(values)} × {figure(item.value)} = {figure(total)}"
    counts = sorted(Counter(values).items(), reverse=True)
    text = " + ".join(figure(value) if count == 1 else f"{count} × {figure(value)}" for value, count in counts)
    return text if len(values) == 1 else f"{text or '0'} = {figure(total)}"


def in_year(points: int, before: int, counted: int, cap: int | None, *, takes: bool) -> str:
    """Say what a year's cap leaves of a quarter's points, if it leaves less."""
    if cap is None or counted == points:
        return ""
    word = "全年最多扣" if takes else "全年封顶"
    earlier = max(before, -cap) if takes else min(before, cap)
    return f", {word} {figure(cap)}, 前面季度已计 {figure(abs(earlier))}, 本季度计 {figure(counted)}"


def averaged(parts: Sequence[int], mean: int) -> str:
    """Write a mean of months: “(21 + 24 + 26) ÷ 3 = 23.7”."""
    return f"({added(parts)}) ÷ {len(parts)} = {figure(mean)}" if len(parts) > 1 else figure(mean)


def carried_over(before: int, percent: int, carried: int) -> str:
    return f"上季度 {figure(before)} × {percent}% = {figure(carried)}"


def settled(adjustments: Mapping[Quarter, int], total: int) -> str:
    """Say what is made good for closed quarters, outside every cap."""
    each = "".join(f", 补{period} {signed(value)}" for period, value in sorted(adjustments.items()))
    return f"{each}, 合计 {figure(total)}" if each else ""


def line_arithmetic(line: Line, book: Book, shape: Shape | None = None) -> str:
    """Say how one line came about, in the book's words. With its fact's shape it can say more."""
    text = _written(line, book, shape)
    return f"冲销：{text}" if line.reverses else text


def _written(line: Line, book: Book, shape: Shape | None) -> str:
    tenths = -line.earned.value if line.reverses else line.earned.value
    if line.earned.item == BASE:
        return f"基础分 {figure(tenths)}"
    item = book.find(line.earned.item)
    return _judged(item, tenths, shape) if item else f"{line.earned.item} {figure(tenths)}"


def _judged(item: Item, tenths: int, shape: Shape | None) -> str:
    """Put an item's name before what it gave or took."""
    match item.kind:
        case "veto":
            told = "一票否决"
        case "deduction":
            told = f"扣 {figure(-tenths)}"
        case "appraisal":
            told = f"{shape.grade} {figure(tenths)}" if shape and shape.grade else figure(tenths)
        case _:
            told = _hours(item, tenths, shape) if item.per == "hour" else f"1 × {figure(tenths)} = {figure(tenths)}"
    return f"{item.name} {told}"


def _hours(item: Item, tenths: int, shape: Shape | None) -> str:
    """Write hours times a value. A tenth of a point is the smallest that counts."""
    if shape is None:
        return figure(tenths)
    earned, rest = divmod(item.value * shape.tenth_hours, 10)
    note = "（不足0.1分的舍去）" if rest else ""
    return (
        f"{figure(shape.tenth_hours)} 小时 × {figure(item.value)} = {figure(earned)}{note}{top(earned, item.fact_cap)}"
    )
