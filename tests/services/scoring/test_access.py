"""The whole matrix of role and action, written down a second time."""

import pytest

from kit.tokens import Principal
from scoring.access import GRANTS, Forbidden, Resource, Role, can, reach_of, require

HERE, BRANCH, ME = "county-a", "branch-1", "person-1"
ROLES = {
    "A": Role.ADMIN, "D": Role.DESK, "R": Role.RECORDER, "B": Role.MEMBER,
    "M": Role.MEDIATOR, "U": Role.AUDITOR, "O": Role.OPERATOR,
}  # fmt: skip
# Who may, in the own county: a recorder in the own branch, a member or mediator in their own case. Nobody else may.
MAY = {
    "book.draft": "A",
    "appraisal.propose": "ADR",
    "book.adopt": "A",
    "book.preview": "ADU",
    "book.read": "ADRU",
    "deduction.propose": "ADR",
    "exemption.end": "AD",
    "exemption.grant": "AD",
    "exemption.read": "ADRBMU",
    "exemption.withdraw": "AD",
    "exemption.words": "AD",
    "judgement.confirm": "AD",
    "judgement.read": "ADRBMU",
    "judgement.refuse": "AD",
    "judgement.withdraw": "AD",
    "judgement.words": "ADRBM",
    "notice.read": "ADRBMU",
    "objection.answer": "AD",
    "objection.file": "ADRBM",
    "objection.read": "ADRBMU",
    "objection.words": "ADRBM",
    "period.close": "A",
    "period.finalise": "A",
    "period.notice": "A",
    "period.open": "A",
    "period.preview": "ADU",
    "period.read": "ADRU",
    "period.reopen": "A",
    "points.person": "ADRBMU",
    "points.branch": "ADRU",
    "points.county": "ADU",
    "tallies.read": "ADU",
    "year.evaluate": "A",
    "year.read": "ADRBMU",
}
OWN = Resource(HERE, frozenset({BRANCH, "bureau"}), ME)


def principal(letter: str, county: str | None = HERE) -> Principal:
    role = ROLES[letter]
    return Principal("user", None if role is Role.OPERATOR else county, role.value, (BRANCH,), ME)


def test_the_matrix_is_complete() -> None:
    assert MAY.keys() == GRANTS.keys()


@pytest.mark.parametrize("letter", ROLES)
@pytest.mark.parametrize("action", MAY)
def test_who_may_do_what(action: str, letter: str) -> None:
    assert can(principal(letter), action, OWN) is (letter in MAY[action])


@pytest.mark.parametrize("letter", ROLES)
@pytest.mark.parametrize("action", MAY)
def test_nobody_may_do_anything_in_another_county(action: str, letter: str) -> None:
    assert not can(principal(letter, "county-b"), action, OWN)


ELSEWHERE = frozenset({"branch-2", "bureau"})


@pytest.mark.parametrize("action", [action for action, letters in MAY.items() if "R" in letters and "U" in letters])
def test_a_recorder_sees_no_other_branch(action: str) -> None:
    everywhere = action in ("book.read", "period.read")
    assert can(principal("R"), action, Resource(HERE, ELSEWHERE, "person-2")) is everywhere


@pytest.mark.parametrize("action", [action for action, letters in MAY.items() if "R" in letters])
def test_a_recorder_who_is_at_home_elsewhere_may_what_a_member_may(action: str) -> None:
    at_home_elsewhere = Resource(HERE, ELSEWHERE, ME)
    allowed = "B" in MAY[action] or action in ("book.read", "period.read")
    assert can(principal("R"), action, at_home_elsewhere) is allowed


def test_a_recorder_whose_login_names_no_person_has_no_own_affairs() -> None:
    nobody = Principal("user", HERE, Role.RECORDER, (BRANCH,), None)
    assert not can(nobody, "points.person", Resource(HERE, ELSEWHERE, None))


@pytest.mark.parametrize("letter", "BM")
def test_a_member_sees_nobody_else(letter: str) -> None:
    assert not can(principal(letter), "points.person", Resource(HERE, frozenset({BRANCH}), "person-2"))


def test_a_member_whose_login_names_no_person_sees_nobody() -> None:
    nobody = Principal("user", HERE, Role.MEMBER, (BRANCH,), None)
    assert not can(nobody, "points.person", Resource(HERE, frozenset({BRANCH}), None))


@pytest.mark.parametrize("action", MAY)
def test_a_role_of_a_later_release_may_nothing(action: str) -> None:
    stranger = Principal("user", HERE, "archivist", (BRANCH,), ME)
    assert not can(stranger, action, OWN)
    assert reach_of(stranger, action) is None


def test_require_raises_where_can_says_no() -> None:
    with pytest.raises(Forbidden):
        require(principal("D"), "book.adopt", OWN)
