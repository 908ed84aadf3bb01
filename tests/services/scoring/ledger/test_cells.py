"""Sums, caps, the chain of a year, means of months, vetoes: exact, and rounded once."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from scoring.ids import LineId, Quarter
from scoring.ledger.domain import cells
from scoring.ledger.domain.cells import Cell, Total, own_totals
from scoring.rulebooks.domain import BASE, Book
from services.scoring.ledger.sheets import Q1, Q2, Q3, Q4, VETO, book, cell, deduction, item, line

BASELINE = line(BASE, "", 600)
MONTHS = ("2022-01", "2022-02", "2022-03")
MISSED = deduction("missed", -20)


def own(rules: Book, *quarters: Cell, frozen: Mapping[Quarter, int | None] | None = None) -> dict[Quarter, Total]:
    held = {each.period: each for each in quarters}
    return own_totals(held, dict.fromkeys(held, rules), frozen or {})


def total(rules: Book, only: Cell) -> Total:
    return own(rules, only)[only.period]


def test_a_quarter_is_its_base_and_its_capped_aspects() -> None:
    rules = book(item("study", quarter_cap_tenths=50), item("lesson"), learning={"quarter_cap_tenths": 60})
    sums = cell(Q1, BASELINE, *[line("study", "2022-01", 20)] * 3, line("lesson", "2022-02", 20))
    assert total(rules, sums) == Total(Q1, 600, {"learning": 60, "family": 0}, 660)


def test_an_items_caps_are_taken_month_by_month_and_then_over_the_quarter() -> None:
    sums = cell(Q1, *[line("study", "2022-01", 20)] * 3, *[line("study", "2022-02", 20)] * 3)
    capped = {"month_cap_tenths": 40, "quarter_cap_tenths": 70}
    points = [total(book(item("study", **caps)), sums).total for caps in ({}, {"month_cap_tenths": 40}, capped)]
    assert points == [120, 80, 70]


def test_deductions_lower_their_aspect_and_never_by_more_than_their_cap() -> None:
    rules = book(item("study"), {**MISSED, "month_cap_tenths": 30, "quarter_cap_tenths": 50})
    lines = [line("missed", month, -20) for month in ("2022-01", "2022-01", "2022-02", "2022-02")]
    assert total(rules, cell(Q1, BASELINE, *lines, line("study", "2022-01", 20))).aspects["learning"] == 20 - 50
    assert total(rules, cell(Q1, BASELINE, *lines[:2])).total == 600 - 30


def test_an_aspects_monthly_cap_is_taken_across_its_items() -> None:
    rules = book(item("study", month_cap_tenths=40), item("lesson"), learning={"month_cap_tenths": 50})
    january = [*[line("study", "2022-01", 20)] * 3, line("lesson", "2022-01", 20)]
    assert total(rules, cell(Q1, *january, line("lesson", "2022-02", 20))).aspects["learning"] == 50 + 20


@pytest.mark.parametrize(
    ("quarters", "left"),
    [((120, 100, 50, 10), (120, 80, 0, 0)), ((0, 300, 0, 0), (0, 200, 0, 0)), ((50, 50, 50, 50), (50, 50, 50, 50))],
)
def test_a_years_cap_leaves_a_quarter_what_it_adds_to_the_year(
    quarters: tuple[int, ...], left: tuple[int, ...]
) -> None:
    periods = (Q1, Q2, Q3, Q4)
    held = [
        cell(p, line("study", f"2022-{3 * n + 1:02}", value))
        for n, (p, value) in enumerate(zip(periods, quarters, strict=True))
    ]
    by_item = own(book(item("study", year_cap_tenths=200)), *held)
    by_aspect = own(book(item("study"), learning={"year_cap_tenths": 200}), *held)
    assert tuple(by_item[p].total for p in periods) == tuple(by_aspect[p].total for p in periods) == left


def test_a_years_cap_begins_anew_each_year_and_skips_quarters_out_of_scope() -> None:
    rules = book(item("study", year_cap_tenths=30))
    held = [cell(Quarter(q), line("study", f"{q[:4]}-01", 20)) for q in ("2022Q1", "2022Q4", "2023Q1")]
    assert [each.total for each in own(rules, *held).values()] == [20, 10, 20]


def test_a_years_cap_on_a_deduction_is_the_most_that_the_year_takes() -> None:
    rules = book({**MISSED, "year_cap_tenths": 30})
    held = [cell(q, line("missed", "2022-01", -20)) for q in (Q1, Q2, Q3)]
    assert [each.total for each in own(rules, *held).values()] == [-20, -10, 0]


def test_a_veto_makes_the_quarter_nothing_and_no_room_in_the_year() -> None:
    rules = book(item("study", year_cap_tenths=30), VETO)
    vetoed = cell(Q1, BASELINE, line("study", "2022-01", 20), line("discipline", "2022-01", 0, aspect=None))
    held = own(rules, vetoed, cell(Q2, line("study", "2022-04", 20)))
    assert (held[Q1].total, held[Q1].vetoed, held[Q1].aspects["learning"]) == (0, True, 20)
    assert held[Q2].total == 10


def test_a_veto_ends_only_with_the_last_one_taken_back() -> None:
    vetoes = [line("discipline", "2022-01", 0, aspect=None) for _ in range(2)]
    held = cell(Q1, BASELINE, *vetoes)
    assert (held.vetoes, held.sums) == (2, {BASE: {"": 600}})
    back = [cells.reversal(each, lambda: LineId("r")) for each in vetoes]
    assert total(book(VETO), cells.move(held, back[:1])).total == 0
    assert total(book(VETO), cells.move(held, back)).total == 600


CARRY = book(item("study"), carry_over_percent=20)


def test_from_the_second_quarter_on_the_base_is_a_share_of_the_quarter_before() -> None:
    quarters = [cell(q, BASELINE, line("study", "2022-01", 210)) for q in (Q1, Q2, Q3)]
    held = own(CARRY, *quarters)
    assert [(each.base, each.carried, each.total) for each in held.values()] == [
        (600, 0, 810),
        (162, 162, 372),  # 81 × 20% = 16.2
        (74, 74, 284),  # 37.2 × 20% = 7.44
    ]


def test_the_share_is_of_what_was_published_once_it_is() -> None:
    quarters = [cell(q, BASELINE, line("study", "2022-01", 210)) for q in (Q1, Q2)]
    assert own(CARRY, *quarters, frozen={Q1: 700})[Q2].base == 140
    assert own(CARRY, quarters[1], frozen={Q1: 700})[Q2].base == 140  # no longer in scope then, but published


def test_without_a_quarter_before_the_base_is_the_class_base() -> None:
    assert own(CARRY, cell(Q2, BASELINE))[Q2].base == 600
    assert own(CARRY, cell(Q1, BASELINE), frozen={Quarter("2021Q4"): 900})[Q1].base == 600
    assert own(CARRY, cell(Q1, BASELINE), cell(Q3, BASELINE))[Q3].base == 600


def test_a_close_that_published_nothing_of_the_person_leaves_the_class_base() -> None:
    """What comes of that quarter later is settled in full, and may not count as a share of the base as well."""
    quarters = [cell(q, BASELINE, line("study", "2022-01", 210)) for q in (Q1, Q2)]
    assert own(CARRY, *quarters, frozen={Q1: None})[Q2] == Total(Q2, 600, {"learning": 210, "family": 0}, 810)


def test_nothing_is_carried_over_from_a_vetoed_quarter() -> None:
    vetoed = cell(Q1, BASELINE, line("discipline", "2022-01", 0, aspect=None))
    assert own(book(VETO, carry_over_percent=20), vetoed, cell(Q2, BASELINE))[Q2].base == 0


@pytest.mark.parametrize(("before", "share"), [(812, 162), (813, 163), (822, 164), (823, 165)])
def test_half_a_tenth_is_rounded_up(before: int, share: int) -> None:
    assert own(CARRY, cell(Q2, BASELINE), frozen={Q1: before})[Q2].base == share


MEAN = book(item("study"), item("lesson", aspect="family"), mean_of_months=True)


def monthly(*points: int, months: tuple[str, ...] = MONTHS) -> Cell:
    return cell(Q1, BASELINE, *(line("study", m, p) for m, p in zip(MONTHS, points, strict=True)), months=months)


def test_a_mean_of_months_is_rounded_once() -> None:
    told = total(MEAN, monthly(210, 240, 260))
    assert (told.base, told.aspects["learning"], told.total) == (600, 237, 837)  # 71 ÷ 3 = 23.67


def test_what_is_shown_by_aspect_may_be_rounded_apart_from_the_total() -> None:
    one_each = cell(Q1, line("study", "2022-01", 5), line("lesson", "2022-01", 5), months=MONTHS)
    told = total(MEAN, one_each)  # each 0.5 ÷ 3 = 0.17, and both 1 ÷ 3 = 0.33
    assert (told.aspects, told.total) == ({"learning": 2, "family": 2}, 3)


def test_only_eligible_months_are_in_the_mean() -> None:
    assert total(MEAN, monthly(210, 240, 260, months=MONTHS[:2])).total == 600 + 225
    assert total(MEAN, monthly(210, 240, 260, months=MONTHS[2:])).total == 600 + 260
    assert total(MEAN, monthly(210, 240, 260, months=())).total == 600


def test_a_month_without_points_counts_as_a_month() -> None:
    assert total(MEAN, monthly(0, 0, 10)).total == 603


def test_monthly_caps_are_taken_before_the_mean() -> None:
    capped = replace(MEAN, aspects=(replace(MEAN.aspects[0], month_cap=240), MEAN.aspects[1]))
    assert total(capped, monthly(210, 240, 260)).total == 600 + 230


def test_a_mean_of_months_may_stand_on_a_share_of_the_quarter_before() -> None:
    assert (
        own(replace(MEAN, carry_over=20), monthly(210, 240, 260), replace(monthly(30, 0, 0), period=Q2))[Q2].total
        == 167 + 10
    )


def test_a_years_evaluation_is_a_sum_or_a_mean_rounded_half_up() -> None:
    assert cells.year_total([810, 372, 285], "sum") == 1467
    assert cells.year_total([810, 372, 285], "mean") == 489
    assert cells.year_total([810, 373], "mean") == 592  # 59.15
    assert cells.year_total([], "mean") == 0
