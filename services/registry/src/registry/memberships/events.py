"""Where somebody belongs, as others hear of it: the whole history, dated by the day on which it changed."""

from datetime import UTC, date

from contracts.envelope import Envelope
from contracts.registry import DatedMembership, MembershipV1
from contracts.topic import Topic
from contracts.topics import MEMBERSHIP
from kit.tokens import Principal
from registry.days import start_of
from registry.events import Occasion, envelope
from registry.memberships.domain import History


def joined(work: Occasion, history: History, since: date, by: Principal) -> tuple[Topic, Envelope]:
    return _event("membership.joined", work, history, since, by)


def transferred(work: Occasion, history: History, on: date, by: Principal) -> tuple[Topic, Envelope]:
    return _event("membership.transferred", work, history, on, by)


def ended(work: Occasion, history: History, until: date, by: Principal) -> tuple[Topic, Envelope]:
    return _event("membership.ended", work, history, until, by)


def _event(kind: str, work: Occasion, history: History, day: date, by: Principal) -> tuple[Topic, Envelope]:
    memberships = (
        DatedMembership(organisation=s.organisation, kind=s.kind.value, since=s.since, until=s.until)
        for s in history.spells
    )
    state = MembershipV1(memberships=tuple(memberships))
    # A death of today ends memberships tomorrow, and nothing has happened tomorrow.
    time = min(start_of(day).astimezone(UTC), work.now)
    return MEMBERSHIP, envelope(work, by, kind, subject=history.person, version=history.version, data=state, time=time)
