"""What the ledger hears of people and tells of their points. The only file that knows both words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope, read
from contracts.registry import MembershipV1, ParticipationV1, PersonV1
from scoring.events import Cause, Occasion, envelope
from scoring.ids import CountyId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain.accounts import Account, Frozen, News
from scoring.ledger.domain.arithmetic import figure
from scoring.ledger.domain.cells import Line, Total
from scoring.ledger.domain.explaining import line_arithmetic
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.settling import Settled
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership, absences_of
from scoring.periods.domain import Rules, shanghai_day
from scoring.rulebooks.domain import Book, Shape

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
    into = PersonId(state.merged_into) if state.merged_into else None
    life = Life(told.aggregateversion, tuple(classes), absences_of(statuses), into)
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
        shape=Shape(event, state.kind, state.theme, state.mode, None, _tenth_hours(state.starts, state.ends)),
        day=shanghai_day(told.time),
        withdrawn=state.outcome == "withdrawn",
        occurrence=state.activity,
        by=told.actor,
    )
    return Told(CountyId(told.county), fact.person, _cause(told), fact)


def _tenth_hours(starts: datetime, ends: datetime) -> int:
    """Count whole six minutes. A clock that went backwards recorded none."""
    return max(0, int((ends - starts).total_seconds()) // 360)


def points_changed(work: Occasion, settled: Settled, rules: Rules, cause: Cause) -> tuple[Topic, Envelope]:
    account, published = settled.account, settled.account.published
    data: dict[str, Any] = {
        "person": account.person,
        "branch": published.branch,
        "booked_on": published.booked_on.isoformat(),
        "booked_tenths": published.booked,
        "totals": [_total(total) for total in published.totals],
        "lines": _lines(settled.lines, rules),
    }
    if rules.closed:
        data["closed"] = closed(account, rules)
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
    """What is rare is left out where there is nothing to say."""
    told: dict[str, Any] = {
        "period": total.period,
        "state": "open",
        "base_tenths": total.base,
        "aspects": dict(total.aspects),
        "total_tenths": total.total,
    }
    if total.carried or total.vetoed or total.adjustments:
        told |= {
            "carried_tenths": total.carried,
            "vetoed": total.vetoed,
            "adjustments": dict(total.adjustments),
        }
    return told


def closed(account: Account, rules: Rules) -> list[dict[str, Any]]:
    """Every closed quarter that the person was in, earliest first, with its two numbers."""
    frozen, trues = {each.period: each for each in account.frozen}, account.published.trues
    return [
        _closed(period, frozen.get(period), str(rules.periods[period][0].state), trues.get(period, 0))
        for period in rules.closed
        if period in frozen or period in trues
    ]


def _closed(period: Quarter, frozen: Frozen | None, state: str, true: int) -> dict[str, Any]:
    return {
        "period": period,
        "state": state,
        "published_tenths": frozen.own if frozen else 0,
        "true_tenths": true,
        "adjustments": dict(frozen.adjustments) if frozen else {},
        "grade": frozen.grade if frozen else None,
        "came_late": frozen is None,
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
            "arithmetic": _arithmetic(line, rules.books[line.period]),
        }
        for line in lines
    ]


def _arithmetic(line: Line, book: Book) -> str:
    """Of what was taken away a topic tells the item's code and the value, and no words: that is the person's affair."""
    item = book.find(line.earned.item)
    return figure(line.earned.value) if item and item.takes_away else line_arithmetic(line, book)
