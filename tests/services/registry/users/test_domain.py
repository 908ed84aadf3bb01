from dataclasses import replace
from datetime import UTC, datetime

import pytest

from registry.ids import CountyId, OrganisationId, PersonId, UserId
from registry.users import domain
from registry.users.domain import Role, TooManyAttempts, User, WeakPassword, WrongRole

DESK = User(UserId("u"), CountyId("c"), "zhang", "示例", Role.DESK)
PLACE, PERSON = OrganisationId("o"), PersonId("p")


@pytest.mark.parametrize(
    "user",
    [
        DESK,
        replace(DESK, role=Role.RECORDER, organisations=(PLACE,)),
        replace(DESK, role=Role.MEMBER, person=PERSON),
        replace(DESK, role=Role.OPERATOR, county=None),
    ],
)
def test_a_user_has_what_the_role_needs(user: User) -> None:
    assert domain.appoint(user) == user


@pytest.mark.parametrize(
    "user",
    [
        replace(DESK, organisations=(PLACE,)),
        replace(DESK, person=PERSON),
        replace(DESK, role=Role.RECORDER),
        replace(DESK, role=Role.MEMBER),
        replace(DESK, role=Role.OPERATOR),
        replace(DESK, county=None),
    ],
)
def test_a_user_has_nothing_that_the_role_does_not_need(user: User) -> None:
    with pytest.raises(WrongRole):
        domain.appoint(user)


@pytest.mark.parametrize("password", ["short1", "1949100119491001", "the-Zhang-of-1949"])
def test_a_short_password_a_number_and_ones_own_login_are_weak(password: str) -> None:
    with pytest.raises(WeakPassword):
        domain.require_strong(password, "zhang")


def test_a_long_password_is_strong() -> None:
    domain.require_strong("桃溪望春桃溪望春桃溪", "zhang")


@pytest.mark.parametrize("failures", [{"account": 5, "address": 100}, {"account": 1, "address": 1}])
def test_as_many_attempts_as_are_allowed_are_allowed(failures: dict[str, int]) -> None:
    domain.require_patience(failures)


@pytest.mark.parametrize("failures", [{"account": 6, "address": 1}, {"account": 1, "address": 101}])
def test_one_attempt_too_many_of_either_is_refused(failures: dict[str, int]) -> None:
    with pytest.raises(TooManyAttempts):
        domain.require_patience(failures)


def test_failures_are_forgotten_after_a_quarter_of_an_hour() -> None:
    assert domain.window_start(datetime(2022, 1, 1, 9, 15, tzinfo=UTC)) == datetime(2022, 1, 1, 9, tzinfo=UTC)
