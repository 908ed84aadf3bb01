"""One batch after another on real PostgreSQL: what is kept, what is told, and what it costs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
from sqlalchemy import event

from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.accounts import News
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership, absences_of
from scoring.rulebooks.domain import Shape
from services.scoring.counties import County
from services.scoring.envelopes import new_id, news
from services.scoring.histories import DOCUMENT

LIFE = Life(1, (Held("A", date(2020, 1, 1)),))
NORTH, SOUTH = OrganisationId(new_id()), OrganisationId(new_id())
HOME = Belonging(1, (Membership(NORTH, home=True, since=date(2020, 1, 1), until=None),))


def lesson(person: PersonId, day: date = date(2022, 2, 3), version: int = 1, subject: str | None = None) -> Fact:
    shape = Shape("activity.attended", "lesson", None, "assembled")
    return Fact(person, subject or f"{new_id()}/{person}", version, shape, day)


async def tell(county: County, person: PersonId, *told: News) -> None:
    await county.apply([news(county.id, person, each) for each in told])


async def told_of(county: County, person: PersonId) -> list[dict[str, Any]]:
    rows = await county.rows(
        "SELECT value FROM journal"
        " WHERE county = :county AND topic = 'scoring.points' AND subject = :person ORDER BY id",
        person=person,
    )
    return [orjson.loads(row.value) for row in rows]


async def totals(county: County, person: PersonId) -> dict[str, int]:
    told = await told_of(county, person)
    return {total["period"]: total["total_tenths"] for total in told[-1]["data"]["totals"]} if told else {}


@pytest.fixture
def person() -> PersonId:
    return PersonId(new_id())


async def opened(county: County, *quarters: str) -> None:
    book = await county.adopt(DOCUMENT)
    for quarter in quarters:
        await county.open(quarter, book)


async def test_a_fact_of_somebody_unknown_is_kept_and_counts_when_the_person_arrives(
    county: County, person: PersonId
) -> None:
    await opened(county, "2022Q1")
    await tell(county, person, lesson(person))
    before = await told_of(county, person)
    await tell(county, person, HOME)
    await tell(county, person, LIFE)
    assert (before, await totals(county, person)) == ([], {"2022Q1": 625})


async def test_what_is_told_carries_the_lines_their_arithmetic_and_the_totals_after(
    county: County, person: PersonId
) -> None:
    await opened(county, "2022Q1", "2022Q2")
    await tell(county, person, LIFE, HOME)
    fact = lesson(person)
    await tell(county, person, fact)
    first, second = await told_of(county, person)
    assert [event["aggregateversion"] for event in (first, second)] == [1, 2]
    data = second["data"]
    assert (data["branch"], data["booked_tenths"]) == (NORTH, 1200 + 25)
    assert [(t["period"], t["total_tenths"]) for t in data["totals"]] == [("2022Q1", 625), ("2022Q2", 600)]
    (line,) = data["lines"]
    assert (line["fact"], line["item"], line["aspect"]) == (fact.subject, "lesson", "learning")
    assert (line["value_tenths"], line["arithmetic"]) == (25, "党课 1 × 2.5 = 2.5")


async def test_a_change_goes_back_to_the_event_that_brought_it(county: County, person: PersonId) -> None:
    await opened(county, "2022Q1")
    read = news(county.id, person, lesson(person))
    await county.apply([news(county.id, person, LIFE), news(county.id, person, HOME), read])
    (told,) = await told_of(county, person)
    assert (told["causationid"], told["correlationid"]) == (read.envelope.id, read.envelope.correlationid)


async def test_a_batch_tells_of_an_account_once(county: County, person: PersonId) -> None:
    await opened(county, "2022Q1")
    await tell(county, person, LIFE, HOME, *(lesson(person) for _ in range(5)))
    assert len(await told_of(county, person)) == 1


async def test_an_older_version_changes_nothing_and_is_not_told(county: County, person: PersonId) -> None:
    await opened(county, "2022Q1")
    newer = replace(lesson(person), version=2)
    await tell(county, person, LIFE, HOME, newer)
    await tell(county, person, replace(newer, version=1, day=date(2022, 1, 9), withdrawn=True))
    assert (await totals(county, person), len(await told_of(county, person))) == ({"2022Q1": 625}, 1)


async def test_a_fact_corrected_into_another_quarter_moves_its_points(county: County, person: PersonId) -> None:
    await opened(county, "2022Q1", "2022Q2")
    fact = lesson(person, date(2022, 3, 31))
    await tell(county, person, LIFE, HOME, fact)
    await tell(county, person, replace(fact, version=2, day=date(2022, 4, 1)))
    assert await totals(county, person) == {"2022Q1": 600, "2022Q2": 625}


async def test_a_withdrawal_that_overtakes_its_attendance_leaves_nothing(county: County, person: PersonId) -> None:
    await opened(county, "2022Q1")
    fact = lesson(person)
    await tell(county, person, LIFE, HOME, replace(fact, version=2, withdrawn=True))
    await tell(county, person, fact)
    lines = await county.rows("SELECT 1 FROM lines WHERE county = :county AND fact IS NOT NULL")
    assert (await totals(county, person), lines) == ({"2022Q1": 600}, [])


async def test_a_correction_that_moves_no_points_writes_no_line(county: County, person: PersonId) -> None:
    await opened(county, "2022Q1")
    fact = lesson(person)
    await tell(county, person, LIFE, HOME, fact)
    online = replace(fact.shape, mode="online")
    await tell(county, person, replace(fact, version=2, shape=online))
    assert len(await told_of(county, person)) == 1


async def test_a_transfer_tells_of_the_new_home_and_moves_no_points(county: County, person: PersonId) -> None:
    await opened(county, "2022Q1")
    await tell(county, person, LIFE, HOME, lesson(person))
    old = Membership(NORTH, home=True, since=date(2020, 1, 1), until=date(2022, 3, 1))
    await tell(county, person, Belonging(2, (old, Membership(SOUTH, home=True, since=date(2022, 3, 1), until=None))))
    last = (await told_of(county, person))[-1]["data"]
    assert (last["branch"], last["lines"], last["booked_tenths"]) == (SOUTH, [], 625)


async def test_who_dies_before_the_quarter_loses_its_base_and_keeps_the_one_before(
    county: County, person: PersonId
) -> None:
    await opened(county, "2022Q1", "2022Q2")
    await tell(county, person, LIFE, HOME)
    await tell(county, person, replace(LIFE, version=2, absences=absences_of([("died", date(2022, 3, 31))])))
    assert await totals(county, person) == {"2022Q1": 600}


@pytest.mark.parametrize(
    ("statuses", "left"),
    [
        ([("moved", date(2022, 3, 31)), ("active", date(2022, 7, 1))], {"2022Q1": 600, "2022Q3": 625}),
        ([("moved", date(2022, 3, 31)), ("active", date(2022, 6, 30))], {"2022Q1": 600, "2022Q2": 625, "2022Q3": 625}),
        ([("moved", date(2022, 3, 31)), ("died", date(2022, 7, 9))], {"2022Q1": 600}),
        ([("died", date(2022, 7, 1))], {"2022Q1": 600, "2022Q2": 625, "2022Q3": 625}),
    ],
)  # fmt: skip
async def test_who_is_away_for_a_quarter_earns_nothing_in_it_though_they_come_back(
    county: County, person: PersonId, statuses: list[tuple[str, date]], left: dict[str, int]
) -> None:
    await opened(county, "2022Q1", "2022Q2", "2022Q3")
    facts = [lesson(person, day) for day in (date(2022, 5, 9), date(2022, 8, 9))]
    await tell(county, person, LIFE, HOME, *facts)
    await tell(county, person, replace(LIFE, version=2, absences=absences_of(statuses[:1])))
    await tell(county, person, replace(LIFE, version=3, absences=absences_of(statuses)))
    assert await totals(county, person) == left


async def test_a_batch_may_mix_counties(county: County, person: PersonId) -> None:
    other = County(county.api, county.worker)
    await other.hear_of()
    stranger = PersonId(new_id())
    await opened(county, "2022Q1")
    await county.apply([
        *(news(county.id, person, each) for each in (LIFE, HOME)),
        *(news(other.id, stranger, each) for each in (LIFE, HOME, lesson(stranger))),
    ])  # fmt: skip
    assert (await totals(county, person), await totals(other, stranger)) == ({"2022Q1": 600}, {})
    assert await other.rows("SELECT period FROM cells WHERE county = :county") == []


async def statements(county: County, told: Sequence[tuple[PersonId, News]]) -> int:
    """How many statements a batch takes."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(county.worker.sync_engine, "before_cursor_execute", note)
    await county.apply([news(county.id, person, each) for person, each in told])
    event.remove(county.worker.sync_engine, "before_cursor_execute", note)
    return len(seen)


async def test_a_batch_takes_a_handful_of_statements_whatever_its_size(county: County) -> None:
    await opened(county, "2022Q1")
    people = [PersonId(new_id()) for _ in range(200)]
    arriving = [(person, each) for person in people for each in (LIFE, HOME)]
    attending = [(person, lesson(person)) for person in people for _ in range(2)]
    counts = [await statements(county, batch) for batch in (arriving[:2], arriving[2:], attending[:1], attending[1:])]
    assert counts[0] == counts[1] <= 18
    assert counts[2] == counts[3] <= 15
