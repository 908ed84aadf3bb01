"""The arithmetic of a person's quarters on paper: caps, years, means, carried bases, vetoes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from services.scoring.sheets import Row

Entry = tuple[str | None, str, str, int]  # fact, item, month, value


@dataclass(frozen=True, slots=True)
class Quarter:
    book: Row
    entries: list[Entry]
    months: list[str]


@dataclass(frozen=True, slots=True)
class Figures:
    base: int
    aspects: dict[str, int]
    total: int
    carried: int
    vetoed: bool


def add_up(quarters: Mapping[str, Quarter], published: Mapping[str, int | None]) -> dict[str, Figures]:
    """Every quarter's own sum. A year's cap and a carried base look back within the year.

    `published` has every closed quarter, with None if nothing was published of the person.
    """
    figures: dict[str, Figures] = {}
    for code in sorted(quarters):
        each = quarters[code]
        base = sum(value for _, item, _, value in each.entries if item == "base")
        carried = _carried(code, each.book, figures, published)
        aspects, points = _points(code, quarters)
        veto = {item["code"] for item in each.book["items"] if item.get("kind") == "veto"}
        vetoed = any(item in veto for _, item, _, _ in each.entries)
        starts = base if carried is None else carried
        figures[code] = Figures(starts, aspects, 0 if vetoed else starts + points, carried or 0, vetoed)
    return figures


def _carried(code: str, book: Row, figures: Mapping[str, Figures], published: Mapping[str, int | None]) -> int | None:
    before = f"{code[:5]}{int(code[5]) - 1}"
    if "carry_over_percent" not in book or code.endswith("Q1"):
        return None
    provisional = figures[before].total if before in figures else None
    share = published.get(before) if before in published else provisional
    return None if share is None else _half_up(Fraction(share * book["carry_over_percent"], 100))


def _points(code: str, quarters: Mapping[str, Quarter]) -> tuple[dict[str, int], int]:
    """What a quarter adds by aspect, and in all."""
    each = quarters[code]
    if each.book.get("mean_of_months"):
        return _mean(each)
    before = [quarters[other] for other in sorted(quarters) if other[:4] == code[:4] and other < code]
    aspects = {}
    for aspect in each.book["aspects"]:
        so_far = sum(_aspect(quarter, aspect["code"], before[:at]) for at, quarter in enumerate(before))
        now = _aspect(each, aspect["code"], before)
        cap = aspect.get("year_cap_tenths")
        aspects[aspect["code"]] = _at_most(so_far + now, cap) - _at_most(so_far, cap)
    return aspects, sum(aspects.values())


def _aspect(quarter: Quarter, code: str, before: list[Quarter]) -> int:
    """What one quarter brings to an aspect, before the aspect's cap of the year."""
    aspect = next((aspect for aspect in quarter.book["aspects"] if aspect["code"] == code), None)
    if aspect is None or quarter.book.get("mean_of_months"):
        return 0
    items = [item for item in quarter.book["items"] if item.get("aspect") == code]
    if aspect.get("month_cap_tenths") is not None:
        points = sum(_at_most(month, aspect["month_cap_tenths"]) for month in _months(quarter, items).values())
    else:
        points = sum(_item_in_year(quarter, item, before) for item in items)
    return _at_most(points, aspect.get("quarter_cap_tenths"))


def _item_in_year(quarter: Quarter, item: Row, before: list[Quarter]) -> int:
    so_far = 0
    for each in before:
        same = next((other for other in each.book["items"] if other["code"] == item["code"]), None)
        if same and not each.book.get("mean_of_months"):
            so_far += _item(each, same)
    now, cap = _item(quarter, item), item.get("year_cap_tenths")
    return _in_size(item, so_far + now, cap) - _in_size(item, so_far, cap)


def _item(quarter: Quarter, item: Row) -> int:
    return _in_size(item, sum(_months(quarter, [item]).values()), item.get("quarter_cap_tenths"))


def _months(quarter: Quarter, items: list[Row]) -> dict[str, int]:
    """By month, each item within its own cap."""
    sums: dict[str, int] = defaultdict(int)
    for item in items:
        months: dict[str, int] = defaultdict(int)
        for _, code, month, value in quarter.entries:
            if code == item["code"]:
                months[month] += value
        for month, value in months.items():
            sums[month] += _in_size(item, value, item.get("month_cap_tenths"))
    return sums


def _mean(quarter: Quarter) -> tuple[dict[str, int], int]:
    shares: dict[str, Fraction] = {}
    for aspect in quarter.book["aspects"]:
        months = _months(quarter, [item for item in quarter.book["items"] if item.get("aspect") == aspect["code"]])
        capped = {month: _at_most(value, aspect.get("month_cap_tenths")) for month, value in months.items()}
        eligible = [capped.get(month, 0) for month in quarter.months]
        shares[aspect["code"]] = Fraction(sum(eligible), len(eligible))
    return {code: _half_up(share) for code, share in shares.items()}, _half_up(sum(shares.values(), Fraction(0)))


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def _in_size(item: Row, points: int, cap: int | None) -> int:
    """Of a deduction the cap is the most that it takes away."""
    if item.get("kind") == "deduction":
        return -_at_most(-points, cap)
    return _at_most(points, cap)


def _at_most(points: int, cap: int | None) -> int:
    if cap is not None and points > cap:
        return cap
    return points
