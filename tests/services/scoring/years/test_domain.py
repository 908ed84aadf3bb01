"""A year is made of what its quarters published."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from scoring.ids import BookId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain.accounts import Frozen
from scoring.ledger.domain.freezing import Released
from scoring.notices.domain import Window
from scoring.periods.domain import Period, State, open_period
from scoring.rulebooks.domain import Band, Book
from scoring.rulebooks.domain import Year as Rule
from scoring.years.domain import (
    AlreadyEvaluated,
    LastQuarterMissing,
    NotAllFinal,
    NoYearRule,
    Year,
    evaluate,
    mean,
    ready,
)

BOOK, BRANCH = BookId("book"), OrganisationId("branch")
STARS = (Band("one", "★", 600, 699), Band("two", "★★", 700, None))
SUM, MEAN = Rule("sum", (Band("good", "优秀", 2400, None),)), Rule("mean", STARS)
YEAR = Book("example", 1, "示例", date(2022, 1, 1), {"A": 600}, (), (), year=MEAN)


def quarters(*states: State, year: int = 2022, book: Book = YEAR) -> dict[Quarter, tuple[Period, Book]]:
    opened = [open_period(f"{year}Q{number}", BOOK, date(2020, 1, 1)) for number in range(5 - len(states), 5)]
    return {each.code: (replace(each, state=state), book) for each, state in zip(opened, states, strict=True)}


def frozen(code: str, own: int, settled: Mapping[str, int] | None = None, person: str = "p1") -> Released:
    adjustments = {Quarter(each): value for each, value in (settled or {}).items()}
    return Released(PersonId(person), BRANCH, Frozen(Quarter(code), own, adjustments))


def published(quarters: Mapping[str, int], person: str = "p1") -> list[Released]:
    return [frozen(code, own, person=person) for code, own in quarters.items()]


def test_a_year_is_ready_once_every_opened_quarter_is_final() -> None:
    last, book, rule = ready(2022, quarters(State.FINAL, State.FINAL), evaluated=False)
    assert (last.code, book, rule) == ("2022Q4", YEAR, MEAN)


def test_a_quarter_of_another_year_is_not_waited_for() -> None:
    periods = {**quarters(State.OPEN, year=2021), **quarters(State.FINAL), **quarters(State.OPEN, year=2023)}
    assert ready(2022, periods, evaluated=False)[0].code == "2022Q4"


def test_a_year_waits_for_quarters_that_are_not_final_and_names_them() -> None:
    periods = quarters(State.CLOSED, State.FINAL, State.OPEN)
    with pytest.raises(NotAllFinal, match="2022Q2、2022Q4尚未定案"):
        ready(2022, periods, evaluated=False)


def test_a_year_without_its_last_quarter_is_not_over() -> None:
    periods = quarters(State.FINAL, State.FINAL)
    del periods[Quarter("2022Q4")]
    with pytest.raises(LastQuarterMissing):
        ready(2022, periods, evaluated=False)


def test_a_year_is_evaluated_once_and_only_under_a_book_that_says_how() -> None:
    with pytest.raises(AlreadyEvaluated):
        ready(2022, quarters(State.FINAL), evaluated=True)
    with pytest.raises(NoYearRule):
        ready(2022, quarters(State.FINAL, book=replace(YEAR, year=None)), evaluated=False)


def test_a_year_is_the_sum_or_the_mean_of_what_was_published_for_the_person() -> None:
    quarters = published({"2022Q1": 700, "2022Q2": 690, "2022Q4": 709})
    (summed,), (averaged,) = evaluate(2022, quarters, SUM), evaluate(2022, quarters, MEAN)
    assert (summed.total, summed.grade, averaged.total, averaged.grade) == (2099, None, 700, "two")
    assert averaged.quarters == {"2022Q1": 700, "2022Q2": 690, "2022Q4": 709}


LATE = {
    "on time": published({"2022Q1": 600, "2022Q2": 600, "2022Q3": 640, "2022Q4": 600}),
    "registered in the second quarter": [
        frozen("2022Q2", 600, {"2022Q1": 600}),
        *published({"2022Q3": 640, "2022Q4": 600}),
    ],
    "registered, or merged into, in the last": [
        frozen("2022Q4", 600, {"2022Q1": 600, "2022Q2": 600, "2022Q3": 640}),
    ],
    "corrected twice": [
        *published({"2022Q1": 500, "2022Q2": 600}),
        frozen("2022Q3", 640, {"2022Q1": 150}),
        frozen("2022Q4", 600, {"2022Q1": -50}),
    ],
}


@pytest.mark.parametrize("told", LATE.values(), ids=LATE.keys())
def test_the_same_facts_are_the_same_year_however_late_they_came(told: list[Released]) -> None:
    (year,) = evaluate(2022, told, MEAN)
    assert (year.total, year.grade) == (610, "one")
    assert year.quarters == {"2022Q1": 600, "2022Q2": 600, "2022Q3": 640, "2022Q4": 600}


def test_what_was_settled_and_taken_back_again_is_no_quarter() -> None:
    told = [frozen("2022Q2", 600, {"2022Q1": 600}), frozen("2022Q3", 600, {"2022Q1": -600})]
    assert evaluate(2022, told, MEAN)[0].quarters == {"2022Q2": 600, "2022Q3": 600}


def test_a_quarter_that_came_to_nothing_counts() -> None:
    told = [frozen("2022Q1", 600), frozen("2022Q2", 0), frozen("2022Q3", 600, {"2022Q1": -600})]
    assert evaluate(2022, told, MEAN)[0].quarters == {"2022Q1": 0, "2022Q2": 0, "2022Q3": 600}


def test_what_is_owed_for_an_earlier_year_counts_in_the_quarter_that_settled_it() -> None:
    told = [frozen("2022Q1", 600, {"2021Q4": 50}), frozen("2022Q2", 600, {"2021Q4": -10, "2022Q1": 5})]
    assert evaluate(2022, told, MEAN)[0].quarters == {"2022Q1": 655, "2022Q2": 590}


@pytest.mark.parametrize(
    ("totals", "rounded"),
    [([1, 2], 2), ([1, 1, 2], 1), ([1, 2, 2], 2), ([-1, -2], -1), ([-1, 0], 0), ([7], 7), ([0, 0, 0, 2], 1)],
)
def test_the_mean_is_rounded_half_up_once(totals: list[int], rounded: int) -> None:
    assert mean(totals) == rounded


def test_a_quarter_that_published_nothing_for_somebody_is_not_in_their_mean() -> None:
    told = published({"2022Q1": 600, "2022Q2": 600}) + published({"2022Q2": 700}, "p0")
    assert [(each.person, each.total) for each in evaluate(2022, told, MEAN)] == [("p0", 700), ("p1", 600)]


def test_the_grades_are_counted_and_who_came_to_none_is_in_no_count() -> None:
    told = [frozen("2022Q4", own, person=f"p{n}") for n, own in enumerate((599, 600, 710, 699))]
    year = Year(2022, BOOK, Window(date(2023, 1, 4), 5, date(2023, 1, 11)), tuple(evaluate(2022, told, MEAN)))
    assert year.grades == {"one": 2, "two": 1}
