"""Who is in scope of a period, and by which class a fact is rated."""

from collections.abc import Sequence
from datetime import date

import pytest

from scoring.ids import BookId, OrganisationId
from scoring.ledger.domain.standing import (
    Absence,
    Belonging,
    Exemption,
    Held,
    Life,
    Membership,
    Scope,
    Standing,
    absences_of,
    scope_of,
)
from scoring.periods.domain import open_period

Q2 = open_period("2022Q2", BookId("book"), date(2022, 1, 1))
HOME = OrganisationId("branch")


def life(*statuses: tuple[str, date], code: str = "A", since: date = date(2020, 1, 1)) -> Life:
    return Life(1, (Held(code, since),), absences_of(statuses))


def home(since: date = date(2020, 1, 1), until: date | None = None) -> Belonging:
    return Belonging(1, (Membership(HOME, home=True, since=since, until=until),))


@pytest.mark.parametrize(
    ("who", "where", "first"),
    [
        (life(), home(), date(2022, 4, 1)),
        (life(since=date(2022, 5, 9)), home(), date(2022, 5, 9)),
        (life(), home(since=date(2022, 6, 30)), date(2022, 6, 30)),
        (life(since=date(2022, 7, 1)), home(), None),
        (life(code="X"), home(), None),
        (life(("died", date(2022, 3, 31))), home(), None),
        (life(("died", date(2022, 4, 1))), home(), date(2022, 4, 1)),
        (life(("moved", date(2022, 4, 1))), home(), None),
        (life(("moved", date(2022, 4, 2))), home(), date(2022, 4, 1)),
        (life(("moved", date(2022, 2, 1)), ("active", date(2022, 5, 9))), home(), date(2022, 5, 9)),
        (life(("moved", date(2022, 2, 1)), ("active", date(2022, 7, 1))), home(), None),
        (life(("moved", date(2022, 2, 1)), ("died", date(2022, 5, 9))), home(), None),
        (life(("moved", date(2022, 4, 1)), ("active", date(2022, 5, 2))), home(), date(2022, 5, 2)),
        (life(), home(until=date(2022, 4, 1)), None),
        (life(), home(until=date(2022, 4, 2)), date(2022, 4, 1)),
        (life(("died", date(2022, 4, 30)), since=date(2022, 5, 1)), home(), None),
        (Life(), home(), None),
        (life(), Belonging(), None),
        (life(), Belonging(1, (Membership(HOME, home=False, since=date(2020, 1, 1), until=None),)), None),
    ],
)  # fmt: skip
def test_one_day_here_at_home_and_of_a_named_class_is_enough(who: Life, where: Belonging, first: date | None) -> None:
    assert scope_of(Standing(who), where, Q2, {"A", "B"}).since == first


def exempt(since: date, until: date | None, *, withdrawn: bool = False) -> Exemption:
    return Exemption("exemption", 1, since, until, withdrawn)


APRIL, MAY, JUNE = "2022-04", "2022-05", "2022-06"


@pytest.mark.parametrize(
    ("exemption", "months"),
    [
        (exempt(date(2022, 4, 1), date(2022, 7, 1)), ()),
        (exempt(date(2022, 1, 1), None), ()),
        (exempt(date(2022, 1, 1), None, withdrawn=True), (APRIL, MAY, JUNE)),
        (exempt(date(2022, 4, 1), date(2022, 6, 30)), (JUNE,)),
        (exempt(date(2022, 4, 2), None), (APRIL,)),
        (exempt(date(2022, 5, 1), date(2022, 6, 1)), (APRIL, JUNE)),
        (exempt(date(2022, 5, 1), date(2022, 5, 31)), (APRIL, MAY, JUNE)),
        (exempt(date(2022, 7, 1), None), (APRIL, MAY, JUNE)),
    ],
)
def test_a_month_counts_if_one_of_its_days_is_not_exempt_and_no_month_leaves_the_quarter_out(
    exemption: Exemption, months: tuple[str, ...]
) -> None:
    scope = scope_of(Standing(life(), (exemption,)), home(), Q2, {"A"})
    assert scope == Scope(date(2022, 4, 1) if months else None, months)


def test_the_base_is_that_of_the_first_day_in_scope_exempt_or_not() -> None:
    turned = Life(1, (Held("A", date(2020, 1, 1)), Held("B", date(2022, 5, 1))))
    standing = Standing(turned, (exempt(date(2022, 4, 1), date(2022, 5, 1)),))
    assert scope_of(standing, home(), Q2, {"A", "B"}) == Scope(date(2022, 4, 1), (MAY, JUNE))


def test_a_fact_is_rated_by_the_class_of_its_day_or_else_the_earliest_after_it() -> None:
    person = Life(1, (Held("A", date(2022, 2, 1)), Held("B", date(2022, 5, 1))))
    days = (date(2022, 1, 5), date(2022, 4, 30), date(2022, 5, 1))
    assert [person.class_for(day) for day in days] == ["A", "A", "B"]


@pytest.mark.parametrize(
    ("statuses", "absences"),
    [
        ((), ()),
        ((("moved", date(2022, 4, 1)),), (Absence(date(2022, 4, 1), None),)),
        ((("died", date(2022, 4, 1)),), (Absence(date(2022, 4, 2), None),)),
        (
            (("moved", date(2022, 2, 1)), ("active", date(2022, 8, 1)), ("moved", date(2022, 9, 1))),
            (Absence(date(2022, 2, 1), date(2022, 8, 1)), Absence(date(2022, 9, 1), None)),
        ),
        ((("moved", date(2022, 2, 1)), ("active", date(2022, 2, 1))), ()),
        ((("moved", date(2022, 2, 1)), ("died", date(2022, 8, 1))), (Absence(date(2022, 2, 1), None),)),
        (
            (("moved", date(2022, 2, 1)), ("active", date(2022, 8, 1)), ("died", date(2022, 8, 1))),
            (Absence(date(2022, 2, 1), date(2022, 8, 1)), Absence(date(2022, 8, 2), None)),
        ),
        ((("active", date(2022, 1, 1)), ("moved", date(2022, 2, 1))), (Absence(date(2022, 2, 1), None),)),
    ],
)
def test_who_moves_is_away_until_they_return_and_the_dead_are_gone_after_their_last_day(
    statuses: Sequence[tuple[str, date]], absences: tuple[Absence, ...]
) -> None:
    assert absences_of(statuses) == absences


def test_the_home_branch_is_the_one_of_the_day() -> None:
    moved = Belonging(
        1,
        (
            Membership(HOME, home=True, since=date(2020, 1, 1), until=date(2022, 5, 1)),
            Membership(OrganisationId("other"), home=True, since=date(2022, 5, 1), until=None),
        ),
    )
    assert [moved.home_on(day) for day in (date(2022, 4, 30), date(2022, 5, 1))] == [HOME, "other"]
