"""Who may do what: one table, read by one pure function.

County data, operation and audit are three different people (architecture §7): an operator sees no county's points, an
auditor changes nothing, and a member sees their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kit.tokens import Principal


class Role(StrEnum):
    OPERATOR = "operator"
    ADMIN = "county_admin"
    DESK = "desk"
    RECORDER = "recorder"
    MEDIATOR = "mediator"
    MEMBER = "member"
    AUDITOR = "auditor"


class Reach(StrEnum):
    """How far a grant goes, always within the principal's own county."""

    COUNTY = "county"  # everything
    SUBTREE = "subtree"  # what lies in or below one of the principal's organisations, and what a member may of the own
    OWN = "own"  # the person that the principal is


@dataclass(frozen=True, slots=True)
class Resource:
    """The facts a decision needs. `within`: the organisation concerned and all above it; `person`: whose it is."""

    county: str | None
    within: frozenset[str] = frozenset()
    person: str | None = None


class Forbidden(Exception):
    """The principal may not do this here."""

    def __init__(self, action: str) -> None:
        super().__init__("您没有办理此事的权限。如确需办理，请联系本县管理员。")
        self.action = action


_ADMIN_ONLY = {Role.ADMIN: Reach.COUNTY}
_OFFICE = {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY}
_STAFF = {**_OFFICE, Role.AUDITOR: Reach.COUNTY}
_SELF = {Role.MEDIATOR: Reach.OWN, Role.MEMBER: Reach.OWN}

# One row an action, one line a row: `"noun.verb": {role: how far}`; who is absent may not.
GRANTS: Mapping[str, Mapping[Role, Reach]] = {
    "book.draft": _ADMIN_ONLY,
    "appraisal.propose": {**_OFFICE, Role.RECORDER: Reach.SUBTREE},
    "book.adopt": _ADMIN_ONLY,
    "book.preview": _STAFF,
    "book.read": {**_STAFF, Role.RECORDER: Reach.COUNTY},
    "deduction.propose": {**_OFFICE, Role.RECORDER: Reach.SUBTREE},
    "exemption.end": _OFFICE,
    "exemption.grant": _OFFICE,
    "exemption.read": {**_STAFF, Role.RECORDER: Reach.SUBTREE, **_SELF},
    "exemption.withdraw": _OFFICE,
    "exemption.words": _OFFICE,
    "judgement.confirm": _OFFICE,
    "judgement.read": {**_STAFF, Role.RECORDER: Reach.SUBTREE, **_SELF},
    "judgement.refuse": _OFFICE,
    "judgement.withdraw": _OFFICE,
    "judgement.words": {**_OFFICE, Role.RECORDER: Reach.OWN, **_SELF},
    "notice.read": {**_STAFF, Role.RECORDER: Reach.SUBTREE, **_SELF},
    "objection.answer": _OFFICE,
    "objection.file": {**_OFFICE, Role.RECORDER: Reach.SUBTREE, **_SELF},
    "objection.read": {**_STAFF, Role.RECORDER: Reach.SUBTREE, **_SELF},
    "objection.words": {**_OFFICE, Role.RECORDER: Reach.SUBTREE, **_SELF},
    "period.close": _ADMIN_ONLY,
    "period.finalise": _ADMIN_ONLY,
    "period.notice": _ADMIN_ONLY,
    "period.open": _ADMIN_ONLY,
    "period.preview": _STAFF,
    "period.read": {**_STAFF, Role.RECORDER: Reach.COUNTY},
    "period.reopen": _ADMIN_ONLY,
    "points.person": {**_STAFF, Role.RECORDER: Reach.SUBTREE, **_SELF},
    "points.branch": {**_STAFF, Role.RECORDER: Reach.SUBTREE},
    "points.county": _STAFF,
    "tallies.read": _STAFF,
    "year.evaluate": _ADMIN_ONLY,
    "year.read": {**_STAFF, Role.RECORDER: Reach.SUBTREE, **_SELF},
}


def can(by: Principal, action: str, resource: Resource) -> bool:
    """Say whether the principal may do this to that. Raises KeyError for an action that the table does not have."""
    row = GRANTS[action]
    reach = next((reach for role, reach in row.items() if role == by.role), None)
    if reach is None or by.county is None or by.county != resource.county:
        return False
    own = Role.MEMBER in row and by.person is not None and by.person == resource.person
    if reach is Reach.SUBTREE:
        return own or not resource.within.isdisjoint(by.organisations)
    return own if reach is Reach.OWN else True


def require(by: Principal, action: str, resource: Resource) -> None:
    """Raise Forbidden unless the principal may."""
    if not can(by, action, resource):
        raise Forbidden(action)


def reach_of(by: Principal, action: str) -> Reach | None:
    """How far the principal's role goes, for lists that show only what is within it."""
    return next((reach for role, reach in GRANTS[action].items() if role == by.role), None)
