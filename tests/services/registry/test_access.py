"""The whole matrix of role and action, written down a second time."""

import pytest

from kit.tokens import Principal
from registry.access import GRANTS, Forbidden, Resource, can, require
from registry.users.domain import Role

HERE, BRANCH = "county-a", "branch-1"
A, D, R, ME, MB, AU, OP = "ADRMBUO"  # admin, desk, recorder, mediator, member, auditor, operator
ROLES = {
    A: Role.ADMIN,
    D: Role.DESK,
    R: Role.RECORDER,
    ME: Role.MEDIATOR,
    MB: Role.MEMBER,
    AU: Role.AUDITOR,
    OP: Role.OPERATOR,
}
# Who may, in the own county (a recorder: in the own branch). Everybody else may not.
MAY = {
    "county.establish": "O",
    "county.amend": "O",
    "county.list": "O",
    "county.appoint": "O",
    "county.view": "ADRMBUO",
    "user.create": "A",
    "user.amend": "A",
    "user.list": "AU",
    "person.register": "AD",
    "person.amend": "AD",
    "person.confirm": "AD",
    "person.merge": "AD",
    "person.list": "AD",
    "person.view": "AD",
    "person.find": "AD",
    "person.disclose": "AD",
    "roster.import": "AD",
    "roster.view": "AD",
    "audit.view": "U",
    "taxonomy.adopt": "A",
    "taxonomy.view": "ADRMBU",
    "organisation.found": "AD",
    "organisation.amend": "AD",
    "organisation.list": "ADRMBU",
    "membership.change": "AD",
    "membership.list": "ADR",
    "committee.change": "AD",
    "activity.record": "ADR",
    "activity.list": "ADRMBU",
    "attendance.view": "ADR",
    "departure.record": "AD",
    "departure.correct": "AD",
}
# What a recorder may do in the own branches only.
IN_BRANCHES = {"membership.list", "activity.record", "attendance.view"}


def principal(letter: str, county: str = HERE) -> Principal:
    role = ROLES[letter]
    return Principal("user", None if role is Role.OPERATOR else county, role.value, (BRANCH,))


def test_the_matrix_has_every_action() -> None:
    assert set(MAY) == set(GRANTS)


@pytest.mark.parametrize("action", sorted(GRANTS))
@pytest.mark.parametrize("letter", sorted(ROLES))
def test_each_role_may_what_the_matrix_says(action: str, letter: str) -> None:
    assert can(principal(letter), action, Resource(HERE, frozenset({BRANCH}))) == (letter in MAY[action])


@pytest.mark.parametrize("action", sorted(GRANTS))
@pytest.mark.parametrize("letter", sorted(set(ROLES) - {OP}))
def test_nobody_may_anything_in_another_county(action: str, letter: str) -> None:
    assert not can(principal(letter, "county-b"), action, Resource(HERE, frozenset({BRANCH})))


@pytest.mark.parametrize("action", sorted(GRANTS))
def test_a_recorder_may_less_outside_the_own_branches(action: str) -> None:
    outside = can(principal(R), action, Resource(HERE, frozenset({"branch-2"})))
    assert outside == (R in MAY[action] and action not in IN_BRANCHES)


def test_an_operator_may_nothing_that_a_county_may() -> None:
    assert {action for action in GRANTS if can(principal(OP), action, Resource(HERE))} == {
        "county.establish",
        "county.amend",
        "county.list",
        "county.appoint",
        "county.view",
    }


def test_a_token_that_claims_to_be_an_operator_of_a_county_may_nothing() -> None:
    forged = Principal("user", HERE, Role.OPERATOR.value)
    assert not [action for action in GRANTS if can(forged, action, Resource(HERE))]


def test_a_token_of_an_unknown_role_may_nothing() -> None:
    stranger = Principal("user", HERE, "archivist")
    assert not [action for action in GRANTS if can(stranger, action, Resource(HERE))]


def test_a_refusal_says_whom_to_ask() -> None:
    with pytest.raises(Forbidden, match="管理员"):
        require(principal(MB), "person.register", Resource(HERE))
