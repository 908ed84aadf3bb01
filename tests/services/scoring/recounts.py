"""What the database must hold, counted again from a history, or from the very bytes that lie on the topics."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Membership
from scoring.rulebooks.domain import Shape
from services.scoring.counties import County
from services.scoring.histories import Arrival, History, Lived, Opening, recount

LINES = """
    SELECT l.person, l.period, l.fact, l.item, l.month, l.value_tenths, l.reverses, l.id FROM lines l
    WHERE county = :county
"""
CELLS = "SELECT * FROM cells WHERE county = :county"


async def assert_recounted(county: County, history: History) -> None:
    expected = recount(history)
    rows = await county.rows(CELLS)
    totals = {(c.person, c.period): (c.base_tenths, c.aspects, c.total_tenths) for c in rows if c.in_scope}
    assert totals == expected.totals
    lines = await county.rows(LINES)
    taken_back = Counter(line.reverses for line in lines if line.reverses)
    standing = {
        (line.person, line.period, (line.fact, line.item, line.month, line.value_tenths))
        for line in lines
        if not line.reverses and line.id not in taken_back
    }
    assert standing == expected.lines


def history_of(events: Iterable[bytes], *quarters: str) -> History:
    """Read the bytes of registry's topics without any of scoring's readers."""
    arrivals = [arrival for event in events for arrival in _arrivals(orjson.loads(event))]
    people = tuple(sorted({arrival.person for arrival in arrivals}))
    return History(people, tuple(arrivals), tuple(Opening(quarter) for quarter in quarters))


def _arrivals(event: dict[str, Any]) -> list[Arrival]:
    data, version = event["data"], event["aggregateversion"]
    if event["type"].startswith("person."):
        statuses = tuple((each["status"], _day(each["since"])) for each in data["statuses"])
        held = tuple(Held(each["code"], _day(each["since"])) for each in data["classes"])
        return [Arrival(PersonId(event["subject"]), Lived(version, held, statuses=statuses))]
    if event["type"].startswith("membership."):
        memberships = tuple(_membership(each) for each in data["memberships"])
        return [Arrival(PersonId(event["subject"]), Belonging(version, memberships))]
    return [Arrival(PersonId(data["person"]), _fact(event))] if "outcome" in data else []


def _membership(told: dict[str, Any]) -> Membership:
    until = _day(told["until"]) if told["until"] else None
    return Membership(OrganisationId(told["organisation"]), told["kind"] == "home", _day(told["since"]), until)


def _fact(event: dict[str, Any]) -> Fact:
    data = event["data"]
    shape = Shape(f"activity.{data['outcome']}", data["kind"], data["theme"], data["mode"])
    day = (datetime.fromisoformat(event["time"]) + timedelta(hours=8)).date()
    withdrawn = data["outcome"] == "withdrawn"
    return Fact(PersonId(data["person"]), event["subject"], event["aggregateversion"], shape, day, withdrawn=withdrawn)


def _day(text: str) -> date:
    return date.fromisoformat(text)
