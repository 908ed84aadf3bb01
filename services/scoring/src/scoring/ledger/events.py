"""What the ledger hears of people and tells of their points. The only file that knows both words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope, read
from contracts.registry import MembershipV1, ParticipationV1, PersonV1
from scoring.events import Cause, Occasion, envelope
from scoring.ids import CountyId, OrganisationId, PersonId
from scoring.ledger.domain.accounts import News, Settled
from scoring.ledger.domain.cells import Line, Total
from scoring.ledger.domain.explaining import line_arithmetic
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership, absences_of
from scoring.periods.domain import Rules, shanghai_day
from scoring.rulebooks.domain import Shape

OUTCOMES = {"attended": "activity.attended", "excused": "activity.excused", "missed": "activity.missed"}
"""What a rule book calls an outcome. One that we do not know earns nothing, under its own name."""


@dataclass(frozen=True, slots=True)
class Told:
    """News of one person, and the event that brought them."""

    county: CountyId
    person: PersonId
    cause: Cause
    news: News


def person(told: Envelope) -> Told:
    state = read(PersonV1, told)
    classes = sorted((Held(each.code, each.since) for each in state.classes), key=lambda held: held.since)
    statuses = sorted(((each.status, each.since) for each in state.statuses), key=lambda status: status[1])
    life = Life(told.aggregateversion, tuple(classes), absences_of(statuses))
    return Told(CountyId(told.county), PersonId(told.subject), _cause(told), life)


def membership(told: Envelope) -> Told:
    state = read(MembershipV1, told)
    each = (Membership(OrganisationId(m.organisation), m.kind == "home", m.since, m.until) for m in state.memberships)
    belonging = Belonging(told.aggregateversion, tuple(each))
    return Told(CountyId(told.county), PersonId(told.subject), _cause(told), belonging)


def participation(told: Envelope) -> Told:
    state = read(ParticipationV1, told)
    event = OUTCOMES.get(state.outcome, f"activity.{state.outcome}")
    fact = Fact(
        person=PersonId(state.person),
        subject=told.subject,
        version=told.aggregateversion,
        shape=Shape(event, state.kind, state.theme, state.mode),
        day=shanghai_day(told.time),
        withdrawn=state.outcome == "withdrawn",
    )
    return Told(CountyId(told.county), fact.person, _cause(told), fact)


def points_changed(work: Occasion, settled: Settled, rules: Rules, cause: Cause) -> tuple[Topic, Envelope]:
    account, published = settled.account, settled.account.published
    data = {
        "person": account.person,
        "branch": published.branch,
        "booked_on": published.booked_on.isoformat(),
        "booked_tenths": published.booked,
        "totals": [_total(total) for total in published.totals],
        "lines": _lines(settled.lines, rules),
    }
    told = envelope(
        "points.changed",
        cause,
        id_=work.new_id(),
        subject=account.person,
        county=account.county,
        version=account.version,
        now=work.now,
        data=data,
    )
    return topics.POINTS, told


def _cause(told: Envelope) -> Cause:
    return Cause(told.correlationid, told.id)


def _total(total: Total) -> dict[str, Any]:
    return {
        "period": total.period,
        "state": "open",
        "base_tenths": total.base,
        "aspects": dict(total.aspects),
        "total_tenths": total.total,
    }


def _lines(lines: Sequence[Line], rules: Rules) -> list[dict[str, Any]]:
    return [
        {
            "line": line.id,
            "period": line.period,
            "item": line.earned.item,
            "aspect": line.earned.aspect,
            "value_tenths": line.earned.value,
            "fact": line.earned.fact,
            "reverses": line.reverses,
            "book": line.book,
            "arithmetic": line_arithmetic(line, rules.open[line.period][1]),
        }
        for line in lines
    ]
