"""All that the world hears of a person: no name, no number, no address, and no reason for a code."""

from collections.abc import Iterable
from datetime import UTC, datetime

from contracts.envelope import Envelope
from contracts.registry import DatedCode as DatedCodeV1
from contracts.registry import DatedStatus, PersonV1
from contracts.topic import Topic
from contracts.topics import PERSON
from kit.tokens import Principal
from registry.days import start_of
from registry.events import Occasion, envelope
from registry.people.domain import DatedCode, Person


def registered(work: Occasion, person: Person, by: Principal, origin: str = "desk") -> tuple[Topic, Envelope]:
    return _event("person.registered", work, person, by, origin=origin)


def amended(work: Occasion, person: Person, by: Principal, origin: str = "desk") -> tuple[Topic, Envelope]:
    return _event("person.amended", work, person, by, origin=origin)


def moved(work: Occasion, person: Person, by: Principal) -> tuple[Topic, Envelope]:
    return _event("person.moved", work, person, by, time=_began(person))


def died(work: Occasion, person: Person, by: Principal) -> tuple[Topic, Envelope]:
    return _event("person.died", work, person, by, time=_began(person))


def merged(work: Occasion, person: Person, by: Principal) -> tuple[Topic, Envelope]:
    return _event("person.merged", work, person, by)


def _event(  # noqa: PLR0913 — an event's attributes
    kind: str, work: Occasion, person: Person, by: Principal, *, origin: str = "desk", time: datetime | None = None
) -> tuple[Topic, Envelope]:
    standing = person.standing
    state = PersonV1(
        kind=standing.kind.value,
        party_member=standing.party_member,
        rank=standing.rank,
        classes=_dated(person.classes),
        capacities=_dated(person.capacities),
        township=standing.township,
        residence=standing.residence.value if standing.residence else None,
        status=person.status.value,
        status_since=person.status_since,
        statuses=tuple(DatedStatus(status=each.status.value, since=each.since) for each in person.statuses),
        merged_into=person.merged_into,
    )
    made = envelope(work, by, kind, subject=person.id, version=person.version, data=state, origin=origin, time=time)
    return PERSON, made


def _began(person: Person) -> datetime | None:
    """When the status began: the day that it holds from decides the period, not the day of the entry."""
    return start_of(person.status_since).astimezone(UTC) if person.status_since else None


def _dated(codes: Iterable[DatedCode]) -> tuple[DatedCodeV1, ...]:
    return tuple(DatedCodeV1(code=entry.code, since=entry.since) for entry in codes)
