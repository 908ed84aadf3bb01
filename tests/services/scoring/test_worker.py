"""The worker on real Kafka: what registry tells becomes totals, and an opening reaches everybody."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest_asyncio

from bus.codec import outgoing
from bus.kafka import Kafka
from bus.kafka.topics import Wanted, delete, ensure
from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope, encode
from kit.database import Sessions, connect
from scoring.app import listener
from scoring.consumers import GROUP, SOURCES, Ledger
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from scoring.rulebooks.domain import Shape
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.histories import DOCUMENT
from support.bus import eventually, running

Event = tuple[Topic, Envelope]


@dataclass
class Station:
    county: County
    kafka: Kafka

    async def send(self, *events: Event) -> None:
        """Put events on their topics as registry's relay does."""
        async with self.kafka.producer() as producer:
            records = [outgoing(topic.name, topic.key_of(event), event.type, encode(event)) for topic, event in events]
            await producer.send(records)

    def worker(self) -> Ledger:
        return Ledger("scoring", listener(), Sessions(self.county.worker), self.kafka)

    async def totals(self) -> dict[str, int]:
        rows = await self.county.rows("SELECT person, total_tenths FROM cells WHERE county = :county AND in_scope")
        return {row.person: row.total_tenths for row in rows}


@pytest_asyncio.fixture
async def station(database: Callable[[str], Any], kafka: str, topic_prefix: str) -> AsyncIterator[Station]:
    made, broker = database("scoring"), Kafka(kafka, topic_prefix)
    names = [source.topic.name for source in SOURCES]
    wanted = [Wanted(name, 2, {}) for name in names] + [Wanted(f"{name}.dlq.{GROUP}", 1, {}) for name in names]
    await ensure(broker, wanted, 1)
    api, worker = (
        connect(role.url, role.password, application="test", schema="scoring", pool=5)
        for role in (made.api, made.worker)
    )
    yield Station(County(api, worker), broker)
    await api.dispose()
    await worker.dispose()
    await delete(broker, [each.name for each in wanted])


def person(county: str) -> tuple[PersonId, Sequence[Event]]:
    """Somebody with one lesson in each of two months."""
    id_, branch = PersonId(new_id()), OrganisationId(new_id())
    home = Membership(branch, home=True, since=date(2020, 1, 1), until=None)
    events = [
        (topics.PERSON, envelopes.person_event(county, id_, Life(1, (Held("A", date(2020, 1, 1)),)))),
        (topics.MEMBERSHIP, envelopes.membership_event(county, id_, Belonging(1, (home,)))),
        *((topics.PARTICIPATION, envelopes.participation_event(county, lesson(id_, month))) for month in (1, 2)),
    ]
    return id_, events


def lesson(id_: PersonId, month: int) -> Fact:
    shape = Shape("activity.attended", "lesson", None, "assembled")
    return Fact(id_, f"{new_id()}/{id_}", 1, shape, date(2022, month, 5))


async def test_events_become_totals_and_an_opening_reaches_those_who_were_there_before(station: Station) -> None:
    county = station.county
    early, before = person(county.id)
    late, after = person(county.id)
    await station.send((topics.COUNTY, envelopes.county_event(county.id)), *before)

    async def all_heard() -> bool:
        return len(await county.rows("SELECT 1 FROM facts WHERE county = :county")) == 2

    async def both_have_their_points() -> bool:
        return await station.totals() == {early: 650, late: 650}

    async with running(station.worker().run):
        await eventually(all_heard)
        await county.open("2022Q1", await county.adopt(DOCUMENT))
        await station.send(*after, *before)
        await eventually(both_have_their_points)
