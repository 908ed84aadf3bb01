"""One corner of the servers for each test: see `support.bus`."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
import structlog

from bus.kafka import Kafka
from bus.kafka.topics import delete
from contracts import topics
from kit.database import Sessions, connect
from support.broker import Broker, broker
from support.bus import GROUP, Corner, migrate
from support.databases import Database

structlog.configure(
    # structlog's own way of showing an exception takes seconds of processor time, in which a worker loses its group
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

MakeDatabase = Callable[[str], Database]


@pytest_asyncio.fixture
async def store(empty_database: MakeDatabase) -> AsyncIterator[Corner]:
    """A database with the bus's tables; Kafka is not there."""
    async with _corner(empty_database("bus"), Kafka("127.0.0.1:1")) as corner:
        yield corner


@pytest_asyncio.fixture
async def corner(empty_database: MakeDatabase, kafka: str, topic_prefix: str) -> AsyncIterator[Corner]:
    """The same with Kafka, and with the topic of people and its dead letters."""
    async with _corner(empty_database("bus"), Kafka(kafka, topic_prefix)) as corner:
        await corner.create_topics(topics.PERSON.name)
        yield corner
        await delete(corner.kafka, [topics.PERSON.name, topics.PERSON.dead_letters(GROUP).name])


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A Kafka that a test may freeze."""
    with broker(tmp_path_factory.mktemp("broker")) as own:
        yield own


@pytest.fixture
def freezable(own_broker: Broker) -> Iterator[Broker]:
    own_broker.await_ready()
    yield own_broker
    own_broker.thaw()


@pytest_asyncio.fixture
async def fragile(empty_database: MakeDatabase, freezable: Broker, topic_prefix: str) -> AsyncIterator[Corner]:
    """A corner on that Kafka, with the topic of people and its dead letters."""
    async with _corner(empty_database("bus"), Kafka(freezable.bootstrap, topic_prefix)) as corner:
        await corner.create_topics(topics.PERSON.name)
        yield corner


@asynccontextmanager
async def _corner(database: Database, kafka: Kafka) -> AsyncIterator[Corner]:
    roles = (database.worker, database.api, database.owner)
    engines = [connect(role.url, role.password, application="test", schema="bus") for role in roles]
    worker, api, owner = (Sessions(engine) for engine in engines)
    async with owner.engine.begin() as connection:
        await connection.run_sync(migrate)
    yield Corner(worker, api, owner, kafka, database.worker.url, database.worker.password)
    for engine in engines:
        await engine.dispose()
