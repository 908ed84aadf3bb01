"""What the database must hold, counted again from a history, or from the very bytes that lie on the topics."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Membership
from scoring.rulebooks.domain import Shape
from services.scoring.counties import County
from services.scoring.histories import Arrival, Step
from services.scoring.lives import Lived
from services.scoring.recounting import Recounted, recount
from services.scoring.sheets import Row

LINES = """
    SELECT l.person, l.period, l.fact, l.item, l.month, l.value_tenths, l.reverses, l.id FROM lines l
    WHERE county = :county
"""
CELLS = """
    SELECT c.*, p.state FROM cells c JOIN periods p USING (county, period) WHERE county = :county AND c.in_scope
"""
CLOSED = """
    SELECT a.person, c.period, c.in_scope, c.total_tenths, c.published_tenths,
           (SELECT f FROM jsonb_array_elements(a.frozen) f WHERE f ->> 'period' = c.period) AS frozen,
           coalesce(CAST(a.trues ->> c.period AS integer), 0) AS true
    FROM accounts a JOIN cells c USING (county, person) JOIN periods p USING (county, period)
    WHERE county = :county AND p.state <> 'open'
"""
PROPOSED = "SELECT source, item, day, period FROM judgements WHERE county = :county AND state = 'proposed'"
POINTS = """
    SELECT subject, aggregateversion, value FROM journal WHERE county = :county AND topic = 'scoring.points' ORDER BY id
"""


async def assert_recounted(county: County, log: Iterable[Step], sheets: Mapping[str, Row]) -> None:
    expected = recount(log, sheets)
    await _assert_cells(county, expected)
    assert await _standing(county) == expected.lines
    proposed = {(row.source, row.item, row.day, row.period) for row in await county.rows(PROPOSED)}
    assert proposed == {(subject, item, day, quarter) for _, subject, item, day, quarter in expected.proposed}
    await _assert_told(county, expected)


async def _assert_cells(county: County, expected: Recounted) -> None:
    totals = {
        (c.person, c.period): (c.base_tenths, c.aspects, c.total_tenths, c.carried_tenths, c.vetoed, c.adjustments)
        for c in await county.rows(CELLS)
        if c.state == "open"
    }
    assert totals == expected.totals
    closed = {}
    for row in await county.rows(CLOSED):
        frozen: Row = row.frozen or {"own": 0, "adjustments": {}, "grade": None}
        if row.in_scope or row.frozen:
            closed[row.person, row.period] = (frozen["own"], row.true, frozen["adjustments"], frozen["grade"])
        assert row.true == row.total_tenths
        assert row.published_tenths == (row.frozen and frozen["own"] + sum(frozen["adjustments"].values()))
    assert closed == expected.closed


async def _standing(county: County) -> set[tuple[str, str, tuple[str | None, str, str, int]]]:
    lines = await county.rows(LINES)
    taken_back = Counter(line.reverses for line in lines if line.reverses)
    return {
        (line.person, line.period, (line.fact, line.item, line.month, line.value_tenths))
        for line in lines
        if not line.reverses and line.id not in taken_back
    }


async def _assert_told(county: County, expected: Recounted) -> None:
    """The last event of everyone states what was recounted, no version is missing, and the days add up."""
    events = defaultdict(list)
    for row in await county.rows(POINTS):
        events[row.subject].append((row.aggregateversion, orjson.loads(row.value)["data"]))
    told = Recounted()
    for person, versions in events.items():
        assert [version for version, _ in versions] == list(range(1, len(versions) + 1))
        last = versions[-1][1]
        for total in last["totals"]:
            figures = (total["base_tenths"], total["aspects"], total["total_tenths"], total.get("carried_tenths", 0))
            rare = (total.get("vetoed", False), total.get("adjustments", {}))
            told.totals[person, total["period"]] = (*figures, *rare)
        closed = last.get("closed", [])
        for each in closed:
            numbers = (each["published_tenths"], each["true_tenths"], each["adjustments"], each["grade"])
            told.closed[person, each["period"]] = numbers
        by_day = {data["booked_on"]: data["booked_tenths"] for _, data in versions}
        published = sum(each["published_tenths"] + sum(each["adjustments"].values()) for each in closed)
        assert sum(by_day.values()) == published + sum(total["total_tenths"] for total in last["totals"])
    assert told.totals == expected.totals
    assert told.closed == expected.closed


def arrivals_of(events: Iterable[bytes]) -> list[Arrival]:
    """Read the bytes of registry's topics without any of scoring's readers."""
    return [arrival for event in events for arrival in _arrivals(orjson.loads(event))]


def _arrivals(event: dict[str, Any]) -> list[Arrival]:
    data, version = event["data"], event["aggregateversion"]
    if event["type"].startswith("person."):
        statuses = tuple((each["status"], _day(each["since"])) for each in data["statuses"])
        held = tuple(Held(each["code"], _day(each["since"])) for each in data["classes"])
        lived = Lived(version, held, (), data["merged_into"], statuses)
        return [Arrival(PersonId(event["subject"]), lived)]
    if event["type"].startswith("membership."):
        memberships = tuple(_membership(each) for each in data["memberships"])
        return [Arrival(PersonId(event["subject"]), Belonging(version, memberships))]
    return [Arrival(PersonId(data["person"]), _fact(event))] if "outcome" in data else []


def _membership(told: dict[str, Any]) -> Membership:
    until = _day(told["until"]) if told["until"] else None
    return Membership(OrganisationId(told["organisation"]), told["kind"] == "home", _day(told["since"]), until)


def _fact(event: dict[str, Any]) -> Fact:
    data = event["data"]
    hours = datetime.fromisoformat(data["ends"]) - datetime.fromisoformat(data["starts"])
    shape = Shape(
        f"activity.{data['outcome']}", data["kind"], data["theme"], data["mode"], None, hours // timedelta(minutes=6)
    )
    day = (datetime.fromisoformat(event["time"]) + timedelta(hours=8)).date()
    return Fact(
        PersonId(data["person"]), event["subject"], event["aggregateversion"], shape, day,
        withdrawn=data["outcome"] == "withdrawn", occurrence=data["activity"],
    )  # fmt: skip


def _day(text: str) -> date:
    return date.fromisoformat(text)
