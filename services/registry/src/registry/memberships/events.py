from contracts.envelope import Envelope
from contracts.registry import DatedMembership, MembershipV1
from contracts.topic import Topic
from contracts.topics import MEMBERSHIP
from kit.tokens import Principal
from registry.events import Occasion, envelope
from registry.memberships.domain import History


def joined(work: Occasion, history: History, by: Principal) -> tuple[Topic, Envelope]:
    return _event("membership.joined", work, history, by)


def transferred(work: Occasion, history: History, by: Principal) -> tuple[Topic, Envelope]:
    return _event("membership.transferred", work, history, by)


def ended(work: Occasion, history: History, by: Principal) -> tuple[Topic, Envelope]:
    return _event("membership.ended", work, history, by)


def _event(kind: str, work: Occasion, history: History, by: Principal) -> tuple[Topic, Envelope]:
    memberships = (
        DatedMembership(organisation=s.organisation, kind=s.kind.value, since=s.since, until=s.until)
        for s in history.spells
    )
    state = MembershipV1(memberships=tuple(memberships))
    return MEMBERSHIP, envelope(work, by, kind, subject=history.person, version=history.version, data=state)
