"""How many events a second one worker folds, from a preloaded topic on real Kafka into real PostgreSQL.

    make bench                                  30,000 attendances of 3,000 people
    LEDGER_EVENTS=200000 LEDGER_PEOPLE=20000 make bench
    LEDGER_BOOK=full make bench                 a book that says nearly all that the language can say

The reference is what the same machine does with the same bytes at the least: decode them and add a bare row each, in
batches of the same size. The ratio travels better than either number. The test's PostgreSQL does not sync to disk.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from bus.codec import outgoing
from bus.kafka import Kafka, Outgoing
from bus.kafka.topics import Wanted, delete, ensure
from contracts import topics
from contracts.envelope import Envelope, decode, encode
from kit.database import Sessions, connect
from scoring.app import collect_rarely, listener
from scoring.consumers import GROUP, SOURCES, Ledger
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.accounts import News
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from scoring.ledger.events import participation
from scoring.rulebooks.domain import Shape
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.sheets import DOCUMENT, FULL
from stack.postgres import Address
from support.bus import eventually, running

EVENTS = int(os.environ.get("LEDGER_EVENTS", "30000"))
PEOPLE = int(os.environ.get("LEDGER_PEOPLE", "3000"))
BOOK = {"small": DOCUMENT, "full": FULL}[os.environ.get("LEDGER_BOOK", "small")]
AT_ONE_ACTIVITY = 50
BATCH = 4000
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Bench:
    county: County
    kafka: Kafka
    people: list[PersonId] = field(default_factory=lambda: [PersonId(new_id()) for _ in range(PEOPLE)])

    async def preload(self) -> list[Outgoing]:
        """Make everybody a member in three open quarters, then put the attendances on their topic."""
        book = await self.county.adopt(BOOK)
        for quarter in ("2022Q1", "2022Q2", "2022Q3"):
            await self.county.open(quarter, book)
        home = Membership(OrganisationId(new_id()), home=True, since=date(2020, 1, 1), until=None)
        news: list[News] = [Life(1, (Held("A", date(2020, 1, 1)),)), Belonging(1, (home,))]
        told = [envelopes.news(self.county.id, person, each) for person in self.people for each in news]
        for start in range(0, len(told), BATCH):
            await self.county.apply(told[start : start + BATCH])
        records = list(self._attendances())
        async with self.kafka.producer() as producer:
            for start in range(0, len(records), BATCH):
                await producer.send(records[start : start + BATCH])
        return records

    def _attendances(self) -> Iterator[Outgoing]:
        random = Random(1)  # noqa: S311 — the same bench every time
        for _ in range(EVENTS // AT_ONE_ACTIVITY):
            activity, day = new_id(), date(2022, 1, 1) + timedelta(days=random.randrange(270))
            shape = Shape("activity.attended", random.choice(("study", "lesson", "service")), None, "assembled")
            for person in random.sample(self.people, AT_ONE_ACTIVITY):
                event = self._event(Fact(person, f"{activity}/{person}", 1, shape, day))
                topic = topics.PARTICIPATION
                yield outgoing(topic.name, topic.key_of(event), event.type, encode(event))

    def _event(self, fact: Fact) -> Envelope:
        return envelopes.participation_event(self.county.id, fact)

    async def folded(self) -> int:
        rows = await self.county.rows("SELECT count(*) AS count FROM facts WHERE county = :county")
        return int(rows[0].count)


@pytest_asyncio.fixture
async def bench(database: Callable[[str], Any], kafka: str, topic_prefix: str) -> AsyncIterator[Bench]:
    made, broker = database("scoring"), Kafka(kafka, topic_prefix)
    wanted = [Wanted(each.topic.name, 12, {}) for each in SOURCES]
    wanted += [Wanted(f"{each.topic.name}.dlq.{GROUP}", 1, {}) for each in SOURCES]
    await ensure(broker, wanted, 1)
    api, worker = (connect(r.url, r.password, application="bench", schema="scoring") for r in (made.api, made.worker))
    county = County(api, worker)
    await county.hear_of()
    yield Bench(county, broker)
    await api.dispose()
    await worker.dispose()
    await delete(broker, [each.name for each in wanted])


@dataclass(frozen=True)
class Spent:
    seconds: float
    python: float  # CPU seconds of this process
    postgres: float  # CPU seconds of the server's processes

    def told(self, events: int) -> str:
        def each(seconds: float) -> str:
            return f"{seconds / events * 1e6:5.0f} µs"

        rate = f"{events / self.seconds:7.0f} events/s"
        return f"{rate}  {each(self.seconds)} an event: Python {each(self.python)}, PostgreSQL {each(self.postgres)}"


class Watch:
    """Wall and CPU time from now on."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._since = (time.perf_counter(), time.process_time(), self._postgres())

    def spent(self) -> Spent:
        wall, python, postgres = self._since
        return Spent(time.perf_counter() - wall, time.process_time() - python, self._postgres() - postgres)

    def _postgres(self) -> float:
        """CPU of the postmaster, its living children, and those that have ended."""
        children = Path(f"/proc/{self._server}/task/{self._server}/children").read_text().split()
        return sum(_cpu(pid) for pid in (str(self._server), *children))


def _cpu(pid: str) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS


async def reference(bench: Bench, records: list[Outgoing]) -> None:
    """Decode, and add one row an event to a table without a key."""
    async with bench.county.worker.connect() as connection:
        await connection.execute(text("CREATE TEMPORARY TABLE bare (subject text, day date, kind text)"))
        for start in range(0, len(records), BATCH):
            told = [participation(decode(record.value or b"")).news for record in records[start : start + BATCH]]
            facts = [each for each in told if isinstance(each, Fact)]
            rows = {
                "subjects": [fact.subject for fact in facts],
                "days": [fact.day for fact in facts],
                "kinds": [fact.shape.kind for fact in facts],
            }
            insert = (
                "INSERT INTO bare SELECT * FROM"
                " unnest(CAST(:subjects AS text[]), CAST(:days AS date[]), CAST(:kinds AS text[]))"
            )
            await connection.execute(text(insert), rows)
            await connection.commit()


@pytest.mark.timeout(1800)
async def test_one_worker_drains_a_preloaded_topic(bench: Bench, postgres: Address) -> None:
    records = await bench.preload()
    server = int(postgres.sql("SELECT pg_read_file('postmaster.pid')").split()[0])
    collect_rarely()
    watch = Watch(server)
    await reference(bench, records)
    least = watch.spent()

    async def drained() -> bool:
        await asyncio.sleep(0.2)  # looking costs the server something too
        return await bench.folded() == len(records)

    worker = Ledger("scoring", listener(), Sessions(bench.county.worker), bench.kafka)
    watch = Watch(server)
    async with running(worker.run):
        await eventually(drained, within_s=1700)
        spent = watch.spent()
    print(f"\nledger     {spent.told(len(records))}")  # noqa: T201
    print(f"reference  {least.told(len(records))}")  # noqa: T201
    share = least.seconds / spent.seconds
    print(f"ratio      {share:.2f} of the reference; {len(records)} events, {PEOPLE} people, {os.cpu_count()} CPUs")  # noqa: T201
