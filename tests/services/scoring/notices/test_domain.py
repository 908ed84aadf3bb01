"""What a notice says, to whom, and for how long one may object."""

from datetime import date
from itertools import count

import pytest

from scoring.ids import OrganisationId, PersonId, Quarter
from scoring.ledger.domain.accounts import Frozen
from scoring.ledger.domain.freezing import Released
from scoring.notices.domain import (
    MOST_PEOPLE,
    Notice,
    NoticeInFuture,
    NoticeInsidePeriod,
    Result,
    Shows,
    State,
    Terms,
    TooManyPeople,
    Window,
    compose,
    require_date,
    window,
    withdraw,
)
from scoring.notices.domain import result as told
from scoring.workdays import NoCalendar, is_workday

POINTS, GRADES = Terms(5, Shows.POINTS, "red-board"), Terms(5, Shows.GRADES, None)
WINDOW = Window(date(2022, 10, 10), 5, date(2022, 10, 17))


@pytest.mark.parametrize(
    ("published_on", "days", "until"),
    [
        (date(2022, 10, 10), 5, date(2022, 10, 17)),  # Monday: from Tuesday over a weekend
        (date(2022, 9, 30), 5, date(2022, 10, 12)),  # before National Day: the 8th and 9th are made up
        (date(2022, 10, 3), 1, date(2022, 10, 8)),  # on a holiday
        (date(2022, 4, 1), 2, date(2022, 4, 6)),  # Saturday the 2nd works, the 3rd to the 5th are off
        (date(2022, 1, 30), 1, date(2022, 2, 7)),  # Spring Festival
        (date(2021, 12, 30), 5, date(2022, 1, 7)),  # over the year's end
    ],
)
def test_a_window_counts_the_working_days_after_the_day_of_publication(
    published_on: date, days: int, until: date
) -> None:
    assert window(published_on, days, is_workday) == Window(published_on, days, until)


def test_a_window_into_a_year_without_a_calendar_is_refused() -> None:
    assert window(date(2026, 12, 25), 4, is_workday).objections_until == date(2026, 12, 31)
    with pytest.raises(NoCalendar, match="2027"):
        window(date(2026, 12, 25), 5, is_workday)


@pytest.mark.parametrize("day", [date(2022, 3, 31), date(2022, 2, 1), date(2021, 12, 31)])
def test_a_notice_is_not_dated_before_its_quarter_is_over(day: date) -> None:
    with pytest.raises(NoticeInsidePeriod):
        require_date("2022Q1", date(2022, 3, 31), day, date(2022, 4, 8))


def test_a_notice_is_not_dated_in_the_future() -> None:
    require_date("2022Q1", date(2022, 3, 31), date(2022, 4, 8), date(2022, 4, 8))
    with pytest.raises(NoticeInFuture):
        require_date("2022Q1", date(2022, 3, 31), date(2022, 4, 9), date(2022, 4, 8))


def result(person: str, branch: str | None, total: int, grade: str | None = None) -> Result:
    return Result(PersonId(person), OrganisationId(branch) if branch else None, total, grade)


def composed(terms: Terms, *results: Result) -> list[Notice]:
    numbers = count(1)
    return compose("2022Q3", results, WINDOW, terms, lambda: f"notice-{next(numbers)}")


def test_there_is_one_notice_per_branch_with_people_in_the_order_of_their_ids_whatever_their_score() -> None:
    notices = composed(
        POINTS, result("p3", "b", 900), result("p1", "b", 500), result("p2", "a", 700), result("p0", "b", 100)
    )
    assert [(each.id, each.branch, [shown.person for shown in each.people]) for each in notices] == [
        ("notice-1", "a", ["p2"]),
        ("notice-2", "b", ["p0", "p1", "p3"]),
    ]


def test_what_was_published_is_the_quarters_own_sum_with_what_was_settled_in_it() -> None:
    frozen = Frozen(Quarter("2022Q2"), 700, {Quarter("2022Q1"): 20}, "good")
    assert told(Released(PersonId("p1"), OrganisationId("a"), frozen)) == result("p1", "a", 720, "good")


def test_a_branch_of_more_people_than_a_notice_holds_is_named() -> None:
    people = [result(f"p{n}", "a", 600) for n in range(MOST_PEOPLE)]
    assert len(composed(POINTS, *people, result("q", "b", 600), result("q", None, 600))[0].people) == MOST_PEOPLE
    with pytest.raises(TooManyPeople, match="最多列3500人，编号为a的支部有3501人"):
        composed(POINTS, *people, result("q", "a", 600))


def test_who_is_at_home_nowhere_is_on_no_notice() -> None:
    assert composed(POINTS, result("p1", None, 600)) == []


def test_a_notice_shows_points_or_grades_and_never_both() -> None:
    (points,) = composed(POINTS, result("p1", "a", 875, "good"))
    (grades,) = composed(GRADES, result("p1", "a", 875, "good"))
    assert [(each.people[0].total, each.people[0].grade) for each in (points, grades)] == [(875, None), (None, "good")]


def test_a_withdrawn_notice_is_the_next_state_of_the_same_notice() -> None:
    (notice,) = composed(POINTS, result("p1", "a", 875))
    gone = withdraw(notice)
    assert (gone.id, gone.state, gone.revision, gone.people) == (notice.id, State.WITHDRAWN, 2, notice.people)
