"""A corner of the servers for one test of the bus: a database with its tables, topics behind a prefix, builders."""

import asyncio
import datetime
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils import uuid7

from bus.catalogue_topics import ROOM
from bus.kafka import Kafka, Outgoing, Record
from bus.kafka.topics import Wanted, make
from bus.outbox import Outbox
from bus.relay import Relay
from bus.steps import grant_step_1, step_1
from bus.subscriptions import Listener, Read, on, source, together
from bus.tables import tables
from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope, contents, encode, read
from contracts.registry import PersonV1
from kit.database import Sessions

TABLES = tables(MetaData())
GROUP = "scoring"
COUNTY = str(uuid7())
WITHIN_S = 30.0

SEEN = """
CREATE TABLE seen (
    place bigint GENERATED ALWAYS AS IDENTITY, event_id text, subject text, version bigint, batch text
)
"""
"""What the tests' handlers did, in order."""


@dataclass
class Work:
    """What a test's handler gets."""

    session: AsyncSession


Handle = Callable[[Work, Envelope], Awaitable[None]]


def migrate(connection: Connection) -> None:
    op = Operations(MigrationContext.configure(connection))
    step_1(op)
    op.execute(SEEN)
    grant_step_1(op, api="bus_api", worker="bus_worker")


def uuid() -> str:
    return str(uuid7())


def person(subject: str | None = None, version: int = 1, **changed: Any) -> tuple[Topic, Envelope]:
    """Make a person's event that the catalogue accepts."""
    data = contents(
        PersonV1(
            kind="tuixiu", party_member=True, rank=None, classes=(), capacities=(), township=None, residence=None,
            status="active", status_since=None, statuses=(),
        )
    )  # fmt: skip
    now = datetime.datetime.now(datetime.UTC)
    fields: dict[str, Any] = {
        "id": uuid(),
        "source": "/jinqiu/registry",
        "type": "person.amended.v1" if version > 1 else "person.registered.v1",
        "subject": subject or uuid(),
        "time": now,
        "county": COUNTY,
        "recordedtime": now,
        "aggregateversion": version,
        "actor": uuid(),
        "origin": "desk",
        "correlationid": uuid(),
        "data": data,
    }
    return topics.PERSON, Envelope(**{**fields, **changed})


def itself(envelope: Envelope) -> Envelope:
    """Read an event as scoring does, and keep the envelope, so that a test sees what was handled."""
    read(PersonV1, envelope)
    return envelope


async def note(work: Work, envelope: Envelope) -> None:
    """Write down that an event was handled: the effect that must be there exactly once."""
    await note_all(work, [envelope])


async def note_all(work: Work, envelopes: Sequence[Envelope]) -> None:
    rows = {
        "ids": [each.id for each in envelopes],
        "subjects": [each.subject for each in envelopes],
        "versions": [each.aggregateversion for each in envelopes],
        "batch": uuid(),
    }
    await work.session.execute(
        text(
            "INSERT INTO seen (event_id, subject, version, batch) SELECT e, s, v, :batch "
            "FROM unnest(CAST(:ids AS text[]), CAST(:subjects AS text[]), CAST(:versions AS bigint[])) AS g (e, s, v)"
        ),
        rows,
    )


def one_by_one(handle: Handle = note) -> Listener[Work]:
    return Listener(GROUP, (on(topics.PERSON, itself, handle),), Work)


def as_batches(handle: Callable[[Work, Sequence[Read[Envelope]]], Awaitable[None]] | None = None) -> Listener[Work]:
    async def note_batch(work: Work, reads: Sequence[Read[Envelope]]) -> None:
        await note_all(work, [each.envelope for each in reads])

    return Listener(GROUP, (together(handle or note_batch, source(topics.PERSON, itself)),), Work)


@dataclass
class Corner:
    """One test's database and topics, with the ways to put something in and to look what came out."""

    sessions: Sessions
    api: Sessions
    owner: Sessions
    kafka: Kafka
    worker_url: str
    password: str

    async def create_topics(self, *names: str, partitions: int = 3) -> None:
        wanted = [Wanted(name, partitions, {}) for name in names]
        await make(self.kafka, wanted + [Wanted(f"{name}.dlq.{GROUP}", 1, ROOM) for name in names], 1)

    async def publish(self, *events: tuple[Topic, Envelope]) -> None:
        """Commit events as a service does."""
        async with self.sessions.begin(COUNTY) as session:
            await Outbox(session, TABLES, "registry").add(*events)

    async def relay(self) -> None:
        """Run a relay until everything is sent."""
        async with running(Relay(self.sessions.engine, "registry", self.kafka).run):
            await eventually(self.nothing_pending)

    async def send(self, *events: tuple[Topic, Envelope]) -> None:
        await self.publish(*events)
        await self.relay()

    async def produce(self, *records: Outgoing) -> None:
        """Put any bytes on a topic, past the outbox."""
        async with self.kafka.producer() as producer:
            await producer.send(records)

    async def nothing_pending(self) -> bool:
        return await self.count("pending") == 0

    async def count(self, table: str) -> int:
        return int(await self.scalar(f"SELECT count(*) FROM {table}"))  # noqa: S608 — a table's name

    async def scalar(self, statement: str) -> Any:
        async with self.sessions.begin(None) as session:
            return await session.scalar(text(statement))

    async def rows(self, statement: str) -> list[Any]:
        async with self.sessions.begin(None) as session:
            return [tuple(row) for row in await session.execute(text(statement))]

    async def execute(self, *statements: str) -> None:
        """Run statements as the owner, in one transaction."""
        async with self.owner.begin(None) as session:
            for statement in statements:
                await session.execute(text(statement))

    async def end_holders(self) -> None:
        """End the connections that hold this database's advisory locks; other tests share the server."""
        await self.scalar(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_locks JOIN pg_database d ON d.oid = database "
            "WHERE locktype = 'advisory' AND datname = current_database()"
        )

    async def seen(self) -> list[str]:
        """Return the ids that handlers saw, in order."""
        return [row[0] for row in await self.rows("SELECT event_id FROM seen ORDER BY place")]

    async def log(self, topic: str) -> list[Record]:
        """Return everything on a topic, partition after partition."""
        partitions = (await self.kafka.partitions([topic]))[topic]
        async with self.kafka.reader() as reader:
            return list(itertools.chain.from_iterable([await reader.all(each) for each in partitions]))

    async def dead_letters(self) -> list[Record]:
        return await self.log(f"{topics.PERSON.name}.dlq.{GROUP}")


def raw(value: bytes | None, key: str = "k", type_: str | None = None) -> Outgoing:
    """Make a record of any bytes."""
    return Outgoing(topics.PERSON.name, key.encode(), value, [("ce_type", type_.encode())] if type_ else [])


def bytes_of(event: tuple[Topic, Envelope]) -> bytes:
    return encode(event[1])


@asynccontextmanager
async def running(run: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> AsyncIterator[asyncio.Event]:
    """Run a relay or a consumer beside the test, and stop it as SIGTERM would."""
    stop = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(run(stop))
            yield stop
            stop.set()
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None


async def eventually(true: Callable[[], Awaitable[bool]], within_s: float = WITHIN_S) -> None:
    """Wait until a condition holds; a deadline makes it a failure."""
    deadline = time.monotonic() + within_s
    while not await true():
        assert time.monotonic() < deadline, "did not become true in time"
        await asyncio.sleep(0.02)
