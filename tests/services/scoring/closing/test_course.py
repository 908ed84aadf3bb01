"""A quarter's steps, in order and one at a time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scoring.closing import domain
from scoring.closing.domain import Closed, Course, Sum, Waiting
from scoring.ids import BookId, OrganisationId, Quarter
from scoring.notices.domain import TooManyPeople
from scoring.periods.domain import State

NOW = datetime(2022, 4, 20, 2, tzinfo=UTC)
TODAY = date(2022, 4, 20)
NOTHING = Waiting(0, 0)
CROWDED = Sum(OrganisationId("branch"), 3501, 2100600)
CLOSED = Closed(NOW, "admin", 2, 1200)


def quarter(number: int, state: State = State.OPEN, until: date | None = None, year: int = 2022) -> Course:
    starts_on = date(year, 3 * number - 2, 1)
    ends_on = date(year, 3 * number, 31 if number in (1, 4) else 30)
    plain = Course(Quarter(f"{year}Q{number}"), BookId("book"), starts_on, ends_on)
    if state is State.OPEN:
        return plain
    noticed = until or (date(2022, 4, 14) if state is State.FINAL else None)
    published = noticed and date(2022, 4, 7)
    return replace(domain.close(plain, CLOSED), state=state, published_on=published, objections_until=noticed)


def refusal(
    course: Course, county: Sequence[Course] = (), waiting: Waiting = NOTHING, today: date = TODAY
) -> Exception:
    with pytest.raises(Exception) as raised:  # noqa: PT011 — which, the test says
        domain.require_closable(course, county or [course], waiting, today)
    return raised.value


def test_a_quarter_can_be_closed_on_the_day_after_its_last() -> None:
    domain.require_closable(quarter(1), [quarter(1), quarter(2)], NOTHING, date(2022, 4, 1))


def test_a_quarter_is_not_closed_before_it_is_over() -> None:
    assert isinstance(refusal(quarter(1), today=date(2022, 3, 31)), domain.NotOver)


@pytest.mark.parametrize("earlier", [quarter(1), quarter(4, year=2021)])
def test_quarters_close_in_order(earlier: Course) -> None:
    told = refusal(quarter(2), [earlier, quarter(2)], today=date(2022, 7, 1))
    assert isinstance(told, domain.EarlierOneOpen)
    assert earlier.code in str(told)


def test_a_quarter_is_not_closed_over_one_that_was_never_opened() -> None:
    told = refusal(quarter(4), [quarter(1, State.FINAL), quarter(4)], today=date(2023, 1, 4))
    assert isinstance(told, domain.QuarterSkipped)
    assert str(told) == "2022Q2还没有开启，2022Q4结账后就再也不能开启。请先开启2022Q2并结账，再办理2022Q4。"


def test_what_was_skipped_before_the_quarter_that_came_last_hinders_nothing() -> None:
    county = [quarter(1, State.CLOSED), quarter(3, State.CLOSED), quarter(4)]
    domain.require_closable(county[-1], county, NOTHING, date(2023, 1, 4))


@pytest.mark.parametrize("first", [quarter(2), quarter(3)])
def test_the_first_quarter_that_a_county_opens_may_be_any(first: Course) -> None:
    domain.require_closable(first, [first, quarter(4)], NOTHING, date(2023, 1, 4))


@pytest.mark.parametrize("state", [State.CLOSED, State.FINAL])
def test_a_quarter_is_not_closed_twice(state: State) -> None:
    assert isinstance(refusal(quarter(1, state)), domain.AlreadyClosed)


def test_a_quarter_waits_for_every_account_and_every_proposal() -> None:
    assert isinstance(refusal(quarter(1), waiting=Waiting(3, 0)), domain.StillPending)
    assert isinstance(refusal(quarter(1), waiting=Waiting(0, 2)), domain.ProposalsOpen)


def test_a_quarter_is_not_closed_whose_notices_could_not_be_published() -> None:
    told = refusal(quarter(1), waiting=Waiting(0, 0, CROWDED))
    assert isinstance(told, TooManyPeople)
    assert str(told).startswith("一个支部的公示最多列3500人，编号为branch的支部有3501人")


def test_the_preview_names_every_hindrance_at_once() -> None:
    county = [quarter(1), quarter(2)]
    found = domain.hindrances(county[1], county, Waiting(3, 2, CROWDED), TODAY)
    assert [type(each) for each in found] == [
        domain.EarlierOneOpen,
        domain.NotOver,
        domain.StillPending,
        domain.ProposalsOpen,
        TooManyPeople,
    ]


def test_a_closed_quarter_says_what_it_came_to_and_tells_of_it() -> None:
    closed = domain.close(quarter(1), CLOSED)
    assert (closed.state, closed.revision, closed.closed) == (State.CLOSED, 2, CLOSED)


def test_only_a_closed_quarter_is_noticed_and_only_once() -> None:
    with pytest.raises(domain.NotClosed):
        domain.require_unnoticed(quarter(1))
    domain.require_unnoticed(quarter(1, State.CLOSED))
    with pytest.raises(domain.AlreadyNoticed, match="2022-04-07"):
        domain.require_unnoticed(quarter(1, State.CLOSED, until=date(2022, 4, 14)))


def test_a_notice_is_the_next_state_of_the_quarter() -> None:
    noticed = domain.notice(quarter(1, State.CLOSED), date(2022, 4, 7), date(2022, 4, 14))
    assert (noticed.state, noticed.revision) == (State.CLOSED, 3)
    assert (noticed.published_on, noticed.objections_until) == (date(2022, 4, 7), date(2022, 4, 14))


def test_a_quarter_is_final_on_the_day_after_the_window() -> None:
    noticed = quarter(1, State.CLOSED, until=date(2022, 4, 14))
    with pytest.raises(domain.WindowOpen):
        domain.finalise(noticed, 0, date(2022, 4, 14), NOW)
    final = domain.finalise(noticed, 0, date(2022, 4, 15), NOW)
    assert (final.state, final.revision, final.finalised_at) == (State.FINAL, 3, NOW)


def test_a_quarter_with_an_open_objection_is_not_final() -> None:
    with pytest.raises(domain.ObjectionsOpen):
        domain.finalise(quarter(1, State.CLOSED, until=date(2022, 4, 14)), 1, TODAY, NOW)


@pytest.mark.parametrize(
    ("state", "refused"),
    [(State.OPEN, domain.NotClosed), (State.CLOSED, domain.NotNoticed), (State.FINAL, domain.AlreadyFinal)],
)
def test_what_was_not_noticed_or_is_final_does_not_become_final(state: State, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        domain.finalise(quarter(1, state), 0, TODAY, NOW)


@pytest.mark.parametrize("state", [State.CLOSED, State.FINAL])
def test_the_last_closed_quarter_opens_again_as_if_it_had_never_been_closed(state: State) -> None:
    course = quarter(1, state)
    opened = domain.reopen(course, [course, quarter(2)], agreed=True, evaluated=False)
    assert opened == replace(quarter(1), revision=course.revision + 1)


def test_the_last_closed_quarter_opens_first() -> None:
    county = [quarter(1, State.CLOSED), quarter(2, State.CLOSED), quarter(3)]
    with pytest.raises(domain.LaterOneClosed, match="请先办理2022Q2"):
        domain.reopen(county[0], county, agreed=True, evaluated=False)


def test_a_quarter_opens_again_only_if_its_book_says_so_and_its_year_is_not_evaluated() -> None:
    course = quarter(1, State.FINAL)
    with pytest.raises(domain.ReopeningNotAgreed):
        domain.reopen(course, [course], agreed=False, evaluated=False)
    with pytest.raises(domain.YearEvaluated):
        domain.reopen(course, [course], agreed=True, evaluated=True)
    with pytest.raises(domain.NotClosed):
        domain.reopen(quarter(1), [quarter(1)], agreed=True, evaluated=False)
