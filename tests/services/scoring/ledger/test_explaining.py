"""A total explains itself in figures that add up on paper."""

from collections.abc import Mapping
from typing import Any

import pytest

from scoring.ids import Quarter
from scoring.ledger.domain import cells
from scoring.ledger.domain.arithmetic import signed
from scoring.ledger.domain.cells import Line
from scoring.ledger.domain.explaining import Explanation, Quarters, explain, figure, line_arithmetic
from scoring.rulebooks.domain import BASE, Book, Shape
from services.scoring.ledger.sheets import Q1, Q2, VETO, appraisal, book, cell, deduction, item, line

STUDY = item("study")
BASELINE = line(BASE, "", 600)


def explained(rules: Book, *lines: Line, months: tuple[str, ...] = (), **more: Mapping[Quarter, int]) -> Explanation:
    return explain(Q1, Quarters({Q1: cell(Q1, *lines, months=months)}, {Q1: rules}), lines, **more)


def second(rules: Book, first: tuple[Line, ...], then: tuple[Line, ...], frozen: int | None = None) -> Explanation:
    """The second quarter, after a first one."""
    held = {Q1: cell(Q1, *first), Q2: cell(Q2, *then)}
    published = {} if frozen is None else {Q1: frozen}
    return explain(Q2, Quarters(held, dict.fromkeys(held, rules), published), then)


def of_item(rules: Book, *lines: Line) -> str:
    return explained(rules, *lines).aspects[0].items[0].arithmetic


def test_fifteen_sessions_of_two_points_are_capped_at_twelve() -> None:
    sessions = [line("study", f"2022-0{1 + n % 3}", 20) for n in range(15)]
    assert of_item(book(item("study", quarter_cap_tenths=120)), *sessions) == "15 × 2 = 30, 封顶 12"


def test_a_monthly_cap_is_shown_in_its_month_and_the_quarter_adds_the_months() -> None:
    sessions = [line("study", "2022-01", 15), *[line("study", "2022-02", 15)] * 3]
    rules = book(item("study", 15, month_cap_tenths=30, quarter_cap_tenths=40))
    study = explained(rules, *sessions).aspects[0].items[0]
    assert [month.arithmetic for month in study.months] == ["1 × 1.5 = 1.5", "3 × 1.5 = 4.5, 封顶 3"]
    assert study.arithmetic == "1.5 + 3 = 4.5, 封顶 4"


def test_an_aspect_is_the_capped_sum_of_its_items() -> None:
    rules = book(STUDY, item("lesson", 25), learning={"quarter_cap_tenths": 40})
    learning = explained(rules, line("study", "2022-01", 20), line("lesson", "2022-01", 25)).aspects[0]
    assert (learning.arithmetic, learning.points) == ("2 + 2.5 = 4.5, 封顶 4", 40)
    assert {each.aspect for each in learning.items} == {"learning"}


def test_an_aspect_that_is_capped_by_month_adds_its_months() -> None:
    rules = book(STUDY, item("lesson", 25), learning={"month_cap_tenths": 40})
    lines = [line("study", "2022-01", 20), line("lesson", "2022-01", 25), line("study", "2022-03", 20)]
    learning = explained(rules, *lines).aspects[0]
    assert [month.arithmetic for month in learning.months] == ["2 + 2.5 = 4.5, 封顶 4", "2"]
    assert (learning.arithmetic, learning.points) == ("4 + 2 = 6", 60)


def test_the_steps_add_up_to_the_total() -> None:
    explanation = explained(book(STUDY), BASELINE, line("study", "2022-01", 20))
    assert (explanation.base, explanation.arithmetic) == ("基础分 60", "60 + 2 + 0 = 62")
    assert explanation.total.total == 620


def test_deductions_are_subtracted_and_say_how_far_they_may_go() -> None:
    rules = book(STUDY, deduction("missed", -20, quarter_cap_tenths=30))
    missed = [line("missed", "2022-01", -20), line("missed", "2022-02", -20)]
    learning = explained(rules, BASELINE, line("study", "2022-01", 20), *missed).aspects[0]
    assert [each.arithmetic for each in learning.items] == ["1 × 2 = 2", "2 × -2 = -4, 最多扣 3"]
    assert learning.arithmetic == "2 - 3 = -1"
    assert explained(rules, BASELINE, *missed[:1]).arithmetic == "60 - 2 + 0 = 58"


def test_facts_of_different_worth_are_added_by_what_they_are_worth() -> None:
    shift = item("shift", 10, per="hour", fact_cap_tenths=20)
    hours = [line("shift", "2022-01", value) for value in (15, 20, 20)]
    assert of_item(book(shift), *hours) == "2 × 2 + 1.5 = 5.5"
    assert of_item(book(shift), *hours[:1]) == "1.5"


def test_a_years_cap_says_what_was_counted_before() -> None:
    capped = {"year_cap_tenths": 200}
    first, then = (line("study", "2022-01", 180),), (line("study", "2022-04", 30),)
    by_item = second(book(item("study", 30, **capped)), first, then).aspects[0]
    assert by_item.items[0].arithmetic == "1 × 3 = 3, 全年封顶 20, 前面季度已计 18, 本季度计 2"
    assert (by_item.items[0].points, by_item.points) == (20, 20)
    by_aspect = second(book(STUDY, learning=capped), first, then).aspects[0]
    assert (by_aspect.arithmetic, by_aspect.points) == ("3, 全年封顶 20, 前面季度已计 18, 本季度计 2", 20)


def test_a_years_cap_never_counts_more_than_itself_as_counted_before() -> None:
    first, then = (line("study", "2022-01", 60),), (line("study", "2022-04", 60),)
    told = second(book(item("study", 60, year_cap_tenths=40)), first, then).aspects[0].items[0]
    assert told.arithmetic == "1 × 6 = 6, 全年封顶 4, 前面季度已计 4, 本季度计 0"


def test_a_deductions_year_has_a_most_that_it_takes() -> None:
    first, then = ([line("missed", f"2022-0{month}", -20)] * 2 for month in (1, 4))
    for cap, expected in (
        (60, "全年最多扣 6, 前面季度已计 4, 本季度计 -2"),
        (30, "全年最多扣 3, 前面季度已计 3, 本季度计 0"),
    ):
        told = (
            second(book(deduction("missed", -20, year_cap_tenths=cap)), tuple(first), tuple(then)).aspects[0].items[0]
        )
        assert told.arithmetic == f"2 × -2 = -4, {expected}"


def test_a_deductions_month_has_a_most_that_it_takes() -> None:
    rules = book(deduction("missed", -20, month_cap_tenths=30, quarter_cap_tenths=40))
    told = (
        explained(rules, *[line("missed", month, -20) for month in ("2022-01", "2022-01", "2022-02")])
        .aspects[0]
        .items[0]
    )
    assert [month.arithmetic for month in told.months] == ["2 × -2 = -4, 最多扣 3", "1 × -2 = -2"]
    assert (told.arithmetic, told.points) == ("-3 - 2 = -5, 最多扣 4", -40)


def test_a_cap_that_is_just_reached_is_not_mentioned() -> None:
    assert of_item(book(item("study", quarter_cap_tenths=20)), line("study", "2022-01", 20)) == "1 × 2 = 2"
    missed = deduction("missed", -20, quarter_cap_tenths=20)
    assert of_item(book(missed), line("missed", "2022-01", -20)) == "1 × -2 = -2"


def test_a_base_that_is_not_carried_over_is_just_the_base() -> None:
    told = second(book(STUDY), (BASELINE,), (BASELINE,))
    assert told.base == "基础分 60"
    alone = {Q2: cell(Q2, BASELINE)}
    rules = book(STUDY, carry_over_percent=20)
    assert explain(Q2, Quarters(alone, {Q2: rules}), (BASELINE,)).base == "基础分 60"


def test_a_years_cap_that_does_not_bite_is_not_mentioned() -> None:
    told = second(
        book(item("study", year_cap_tenths=200)), (line("study", "2022-01", 20),), (line("study", "2022-04", 20),)
    )
    assert told.aspects[0].items[0].arithmetic == "1 × 2 = 2"


@pytest.mark.parametrize(("frozen", "expected"), [(None, "上季度 81 × 20% = 16.2"), (700, "上季度 70 × 20% = 14")])
def test_a_carried_base_is_a_share_of_the_quarter_before(frozen: int | None, expected: str) -> None:
    rules = book(STUDY, carry_over_percent=20)
    told = second(rules, (BASELINE, line("study", "2022-01", 210)), (line("study", "2022-04", 20),), frozen)
    assert told.base == expected
    assert told.arithmetic.startswith(f"{figure(told.total.base)} + 2 + 0 = ")


MONTHS = ("2022-01", "2022-02", "2022-03")


def mean(*points: int, months: tuple[str, ...] = MONTHS) -> Explanation:
    rules = book(item("study", 10), mean_of_months=True, base_tenths={"A": 200})
    lines = [line("study", month, value) for month, value in zip(MONTHS, points, strict=True)]
    return explained(rules, line(BASE, "", 200), *lines, months=months)


def test_a_mean_of_months_shows_the_months_and_the_one_rounding() -> None:
    told = mean(210, 240, 260)
    assert told.aspects[0].arithmetic == "(21 + 24 + 26) ÷ 3 = 23.7"
    assert told.arithmetic == "(21 + 24 + 26) ÷ 3 = 23.7, 20 + 23.7 = 43.7"


def test_a_month_that_is_not_eligible_says_so() -> None:
    told = mean(210, 240, 260, months=MONTHS[:2])
    assert told.arithmetic == "(21 + 24) ÷ 2 = 22.5, 20 + 22.5 = 42.5"
    assert told.aspects[0].items[0].months[2].arithmetic.endswith(", 本月不参加计算")
    alone = mean(210, 240, 260, months=MONTHS[2:])
    assert (alone.arithmetic, alone.aspects[0].arithmetic) == ("20 + 26 = 46", "26")


def test_a_veto_is_named_after_the_sum_that_it_voids() -> None:
    told = explained(book(STUDY, VETO), BASELINE, line("study", "2022-01", 20), line("discipline", "2022-02", 0, None))
    assert told.arithmetic == "60 + 2 + 0 = 62, 一票否决, 计 0"


def test_what_is_made_good_for_closed_quarters_stands_behind_the_sum() -> None:
    owed = {Quarter("2021Q4"): -15, Quarter("2021Q3"): 20}
    told = explained(book(STUDY), BASELINE, adjustments=owed)
    assert told.arithmetic == "60 + 0 + 0 = 60, 补2021Q3 +2, 补2021Q4 -1.5, 合计 60.5"
    assert (told.total.total, told.total.own) == (605, 600)


def test_it_is_made_good_beside_a_veto() -> None:
    veto = line("discipline", "2022-02", 0, None)
    told = explained(book(VETO), BASELINE, veto, adjustments={Quarter("2021Q4"): 20})
    assert told.arithmetic == "60 + 0 + 0 = 60, 一票否决, 计 0, 补2021Q4 +2, 合计 2"


EVERYTHING = book(
    STUDY, appraisal("conduct", good=50), deduction("missed", -20), VETO,
    {**item("shift", 10, per="hour", fact_cap_tenths=20), "name": "值班"},
)  # fmt: skip
WRITTEN: list[tuple[Line, dict[str, Any] | None, str]] = [
    (BASELINE, None, "基础分 60"),
    (line("study", "2022-01", 20), None, "学习 1 × 2 = 2"),
    (line("conduct", "2022-01", 50, "family"), {"grade": "good"}, "家风评议 good 5"),
    (line("conduct", "2022-01", 50, "family"), None, "家风评议 5"),
    (line("missed", "2022-01", -20), None, "无故缺席 扣 2"),
    (line("discipline", "2022-01", 0, None), None, "违纪违法 一票否决"),
    (line("shift", "2022-01", 15), {"tenth_hours": 15}, "值班 1.5 小时 × 1 = 1.5"),
    (line("shift", "2022-01", 20), {"tenth_hours": 30}, "值班 3 小时 × 1 = 3, 封顶 2"),
    (line("shift", "2022-01", 15), None, "值班 1.5"),
    (line("gone", "2022-01", 15), None, "gone 1.5"),
]


@pytest.mark.parametrize(("written", "shape", "expected"), WRITTEN)
def test_a_line_says_how_it_came_about_and_a_reversal_what_it_takes_back(
    written: Line, shape: dict[str, Any] | None, expected: str
) -> None:
    seen = Shape("activity.attended", "study", None, "assembled", **shape) if shape else None
    assert line_arithmetic(written, EVERYTHING, seen) == expected
    assert line_arithmetic(cells.reversal(written, lambda: "r"), EVERYTHING, seen) == f"冲销：{expected}"


def test_less_than_a_tenth_of_a_point_is_dropped_and_says_so() -> None:
    rules = book({**item("shift", 5, per="hour"), "name": "值班"})
    shape = Shape("activity.attended", "shift", None, "assembled", tenth_hours=15)
    assert line_arithmetic(line("shift", "2022-01", 7), rules, shape) == "值班 1.5 小时 × 0.5 = 0.7（不足0.1分的舍去）"


def test_tenths_are_written_as_points() -> None:
    assert [figure(tenths) for tenths in (0, 5, 20, 125, -15)] == ["0", "0.5", "2", "12.5", "-1.5"]
    assert [signed(tenths) for tenths in (20, -15)] == ["+2", "-1.5"]
