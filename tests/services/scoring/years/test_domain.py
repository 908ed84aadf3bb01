"""A year is made of what its quarters published."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from scoring.ids import BookId, CountyId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain.accounts import Account, Frozen
from scoring.ledger.domain.standing import Belonging, Membership
from scoring.periods.domain import Period, State, open_period
from scoring.rulebooks.domain import Band, Book
from scoring.rulebooks.domain import Year as Rule
from scoring.years.domain import (
    AlreadyEvaluated,
    Evaluation,
    LastQuarterMissing,
    NotAllFinal,
    NoYearRule,
    evaluate,
    mean,
    ready,
)

BOOK, BRANCH, OTHER = BookId("book"), OrganisationId("branch"), OrganisationId("other")
STARS = (Band("one", "★", 600, 699), Band("two", "★★", 700, None))
SUM, MEAN = Rule("sum", (Band("good", "优秀", 2400, None),)), Rule("mean", STARS)
YEAR = Book("example", 1, "示例", date(2022, 1, 1), {"A": 600}, (), (), year=MEAN)
LAST_DAY = date(2022, 12, 31)


def quarters(*states: State, year: int = 2022, book: Book = YEAR) -> dict[Quarter, tuple[Period, Book]]:
    opened = [open_period(f"{year}Q{number}", BOOK, date(2020, 1, 1)) for number in range(5 - len(states), 5)]
    return {each.code: (replace(each, state=state), book) for each, state in zip(opened, states, strict=True)}


def account(published: Mapping[str, int], *, person: str = "p1", branch: OrganisationId = BRANCH) -> Account:
    home = Belonging(1, (Membership(branch, home=True, since=date(2020, 1, 1), until=None),))
    frozen = tuple(Frozen(Quarter(code), own, {}, None) for code, own in published.items())
    return Account(CountyId("county"), PersonId(person), belonging=home, frozen=frozen)


def evaluated(rule: Rule, *accounts: Account) -> list[Evaluation]:
    return evaluate(accounts, 2022, LAST_DAY, rule)


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
    published = {"2021Q4": 9999, "2022Q1": 700, "2022Q2": 690, "2022Q4": 709}
    (summed,), (averaged,) = evaluated(SUM, account(published)), evaluated(MEAN, account(published))
    assert (summed.total, summed.grade, averaged.total, averaged.grade) == (2099, None, 700, "two")
    assert averaged.quarters == {"2022Q1": 700, "2022Q2": 690, "2022Q4": 709}


def test_what_was_settled_in_a_quarter_is_part_of_what_it_published() -> None:
    late = replace(account({}), frozen=(Frozen(Quarter("2022Q2"), 650, {Quarter("2022Q1"): 60}, None),))
    assert [(each.total, each.grade) for each in evaluated(MEAN, late)] == [(710, "two")]


@pytest.mark.parametrize(
    ("totals", "rounded"),
    [([1, 2], 2), ([1, 1, 2], 1), ([1, 2, 2], 2), ([-1, -2], -1), ([-1, 0], 0), ([7], 7), ([0, 0, 0, 2], 1)],
)
def test_the_mean_is_rounded_half_up_once(totals: list[int], rounded: int) -> None:
    assert mean(totals) == rounded


def test_nobody_is_evaluated_for_whom_no_quarter_of_the_year_was_published() -> None:
    assert evaluated(SUM, account({}), account({"2021Q4": 600, "2023Q1": 600})) == []


def test_who_was_entered_twice_is_evaluated_under_the_entry_that_goes_on() -> None:
    twice = replace(account({"2022Q1": 600}), merged_into=PersonId("p2"))
    assert [each.person for each in evaluated(SUM, twice, account({"2022Q1": 600}, person="p2"))] == ["p2"]


def test_the_branch_is_that_of_the_last_day() -> None:
    moved = Belonging(
        2,
        (
            Membership(BRANCH, home=True, since=date(2020, 1, 1), until=date(2022, 12, 31)),
            Membership(OTHER, home=True, since=date(2022, 12, 31), until=None),
        ),
    )
    (year,) = evaluated(SUM, replace(account({"2022Q1": 600}), belonging=moved))
    assert year.branch == OTHER
