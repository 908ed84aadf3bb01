"""Who may do what: one table, read by one pure function.

County data, operation and audit are three different people (architecture §7): an operator never sees a county's
people, an auditor changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kit.tokens import Principal
from registry.users.domain import Role


class Reach(StrEnum):
    """How far a grant goes."""

    ALL = "all"  # any county: operators only
    COUNTY = "county"  # anything of the principal's own county
    SUBTREE = "subtree"  # what lies in or below one of the principal's organisations


@dataclass(frozen=True, slots=True)
class Resource:
    """The facts a decision needs. `within`: the organisations concerned and all above them, on the day that counts."""

    county: str | None
    within: frozenset[str] = frozenset()


class Forbidden(Exception):
    """The principal may not do this here."""

    def __init__(self, action: str) -> None:
        super().__init__("您没有办理此事的权限。如确需办理，请联系本县管理员。")
        self.action = action


ROLES = frozenset(role.value for role in Role)  # a token of a later release may name another
EVERYBODY_INSIDE = (Role.ADMIN, Role.DESK, Role.RECORDER, Role.MEDIATOR, Role.MEMBER, Role.AUDITOR)

# One row an action, one line a row: `"noun.verb": {role: how far}`; who is absent may not.
GRANTS: Mapping[str, Mapping[Role, Reach]] = {
    # counties and users
    "county.establish": {Role.OPERATOR: Reach.ALL},
    "county.amend": {Role.OPERATOR: Reach.ALL},
    "county.list": {Role.OPERATOR: Reach.ALL},
    "county.view": {Role.OPERATOR: Reach.ALL} | dict.fromkeys(EVERYBODY_INSIDE, Reach.COUNTY),
    "county.appoint": {Role.OPERATOR: Reach.ALL},
    "user.create": {Role.ADMIN: Reach.COUNTY},
    "user.amend": {Role.ADMIN: Reach.COUNTY},
    "user.list": {Role.ADMIN: Reach.COUNTY, Role.AUDITOR: Reach.COUNTY},
    # people
    "person.register": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "person.amend": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "person.merge": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "person.confirm": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "roster.import": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "roster.view": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "person.list": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "person.view": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "person.find": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "person.disclose": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    # audit
    "audit.view": {Role.AUDITOR: Reach.COUNTY},
    # organisations, memberships, taxonomies, activities, departures
    "taxonomy.adopt": {Role.ADMIN: Reach.COUNTY},
    "taxonomy.view": dict.fromkeys(EVERYBODY_INSIDE, Reach.COUNTY),
    "organisation.found": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "organisation.amend": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "organisation.list": dict.fromkeys(EVERYBODY_INSIDE, Reach.COUNTY),
    "membership.change": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "membership.list": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY, Role.RECORDER: Reach.SUBTREE},
    "committee.change": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "activity.record": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY, Role.RECORDER: Reach.SUBTREE},
    "activity.list": dict.fromkeys(EVERYBODY_INSIDE, Reach.COUNTY),
    "attendance.view": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY, Role.RECORDER: Reach.SUBTREE},
    "departure.record": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
    "departure.correct": {Role.ADMIN: Reach.COUNTY, Role.DESK: Reach.COUNTY},
}


def can(by: Principal, action: str, resource: Resource) -> bool:
    """Whether the principal may do the action to the resource. An action outside the table is a bug: KeyError."""
    match GRANTS[action].get(Role(by.role)) if by.role in ROLES else None:
        case None:
            return False
        case Reach.ALL:
            return by.county is None
        case Reach.COUNTY:
            return by.county is not None and by.county == resource.county
        case Reach.SUBTREE:
            own = by.county is not None and by.county == resource.county
            return own and not resource.within.isdisjoint(by.organisations)


def require(by: Principal, action: str, resource: Resource) -> None:
    """Raises Forbidden."""
    if not can(by, action, resource):
        raise Forbidden(action)
