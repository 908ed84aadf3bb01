"""Events as registry publishes them, for what a history or a test has in mind."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from uuid_utils import uuid7

from bus.subscriptions import Read
from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope
from scoring.consumers import SOURCES, Seen
from scoring.ledger.domain.accounts import News
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Life
from services.scoring.lives import Lived

OUTCOMES = {"activity.attended": "attended", "activity.excused": "excused", "activity.missed": "missed"}
RECORDED = datetime(2022, 10, 1, tzinfo=UTC)


def new_id() -> str:
    return str(uuid7())


def read(topic: Topic, envelope: Envelope) -> Read[Seen]:
    reader = next(source.read for source in SOURCES if source.topic == topic)
    return Read(topic, envelope, reader(envelope))


def news(county: str, person: str, told: News) -> Read[Seen]:
    if isinstance(told, Life):
        return read(topics.PERSON, person_event(county, person, told))
    if isinstance(told, Belonging):
        return read(topics.MEMBERSHIP, membership_event(county, person, told))
    assert isinstance(told, Fact)  # an exemption is no news of registry's
    return read(topics.PARTICIPATION, participation_event(county, told))


def judged(told: News) -> bool:
    """Whether people decided it, so that it comes over HTTP and not from registry."""
    return isinstance(told, Fact) and told.shape.event.endswith(".confirmed")


def person_event(county: str, person: str, life: Life) -> Envelope:
    statuses = _statuses(life)
    last = statuses[-1] if statuses else {"status": "active", "since": None}
    data: dict[str, Any] = {
        "kind": "tuixiu",
        "party_member": True,
        "rank": None,
        "classes": [{"code": held.code, "since": held.since.isoformat()} for held in life.classes],
        "capacities": [],
        "township": None,
        "residence": None,
        "status": last["status"],
        "status_since": last["since"],
        "statuses": statuses,
        "merged_into": life.merged_into,
    }
    return _event("person.merged" if life.merged_into else "person.amended", county, person, life.version, data)


def _statuses(life: Life) -> list[dict[str, Any]]:
    if isinstance(life, Lived):
        return [{"status": status, "since": since.isoformat()} for status, since in life.statuses]
    changes = [
        (status, day) for each in life.absences for status, day in (("moved", each.since), ("active", each.until))
    ]
    return [{"status": status, "since": day.isoformat()} for status, day in changes if day]


def membership_event(county: str, person: str, belonging: Belonging) -> Envelope:
    memberships = [
        {
            "organisation": each.organisation,
            "kind": "home" if each.home else "further",
            "since": each.since.isoformat(),
            "until": each.until and each.until.isoformat(),
        }
        for each in belonging.memberships
    ]
    return _event("membership.transferred", county, person, belonging.version, {"memberships": memberships})


def participation_event(county: str, fact: Fact) -> Envelope:
    starts = at_nine(fact.day)
    outcome = "withdrawn" if fact.withdrawn else OUTCOMES[fact.shape.event]
    data: dict[str, Any] = {
        "activity": fact.subject.split("/")[0],
        "person": fact.person,
        "outcome": outcome,
        "kind": fact.shape.kind,
        "theme": fact.shape.theme,
        "mode": fact.shape.mode,
        "hosts": [],
        "starts": _utc(starts),
        "ends": _utc(starts + timedelta(minutes=6 * fact.shape.tenth_hours)),
    }
    type_ = "attendance.withdrawn" if fact.withdrawn else fact.shape.event
    return _event(type_, county, fact.subject, fact.version, data, at=starts, by=fact.by)


def county_event(county: str, version: int = 1, word: str = "taoyuan") -> Envelope:
    data = {"word": word, "name": "示例县", "codes": [{"code": "999725", "since": "2000-01-01"}]}
    return _event("county.established", county, county, version, data)


def organisation_event(
    county: str,
    organisation: str,
    parent: str | None = None,
    version: int = 1,
    *,
    later: Sequence[tuple[str, str]] = (),
) -> Envelope:
    """`later`: what it belonged to after `parent`, each with its first day."""
    parents = [{"parent": each, "since": since} for each, since in ((parent, "2000-01-01"), *later)]
    data = {"kind": "branch", "founded_on": "2000-01-01", "host": None, "parents": parents}
    return _event("organisation.founded", county, organisation, version, data)


def at_nine(day: date) -> datetime:
    """Nine in the morning in Shanghai, in UTC."""
    return datetime.combine(day, time(1), UTC)


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _event(  # noqa: PLR0913 — an event's attributes
    type_: str, county: str, subject: str, version: int, data: dict[str, Any], *, at: datetime = RECORDED, by: str = ""
) -> Envelope:
    return Envelope(
        id=new_id(),
        source="/jinqiu/registry",
        type=f"{type_}.v1",
        subject=subject,
        time=at,
        county=county,
        recordedtime=RECORDED,
        aggregateversion=version,
        actor=by or "/jinqiu/registry",
        origin="desk",
        correlationid=new_id(),
        data=data,
    )
