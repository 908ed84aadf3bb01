"""Fixtures that every test may ask for. Who asks for no server gets none, and no network either.

    postgres         the server, as superuser: `postgres.sql("SELECT 1")`      once per run
    kafka            the bootstrap servers, "127.0.0.1:<port>"                 once per run
    servers          both: `servers.postgres`, `servers.kafka`                 once per run
    databases        makes and drops databases; the fixtures below use it      once per run
    database         `database("registry")`: a fresh copy of the service's migrated database for this
                     test, some 30 ms, dropped after it; `.owner`, `.api`, `.worker` are roles with
                     `.url` (asyncpg, without password), `.password` and `.dsn` (both in one).
                     Any other name than a service's gives roles and an empty schema of that name.
    empty_database   the same before any migration, for tests of migrations
    shared_database  `shared_database("registry")`: one copy per xdist worker, for tests that roll
                     back (0.3 ms) or keep to a county of their own
    topic_prefix     "t1f3….": unique to the test, for topic and group names
    make_topics      `await make_topics("a", "b", partitions=3)`: empty topics, names as given, ready
                     for records, deleted after the test

The servers live in `.local/test-<pid>`, are shared by the xdist workers and end with the run, however it
ends. Tests with sockets of their own and no server: `@pytest.mark.enable_socket`. Without servers:
`pytest -m "not servers"`.
"""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from pytest_socket import disable_socket

from stack.postgres import Address
from support.databases import Database, Databases
from support.servers import Run
from support.topics import topics

RUN = "JINQIU_TEST_RUN"
NEEDS = {"postgres", "kafka"}
# system tests and those of the stack start servers of their own
OPEN_FOLDERS = {"deploy", "system", "faults", "bench"}

MakeDatabase = Callable[[str], Database]
MakeTopics = Callable[..., Awaitable[list[str]]]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "servers: asks for PostgreSQL or Kafka (set by itself)")
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = str(Run.of_controller().folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _needs(item):
            item.add_marker("servers")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start what the selected tests need, and let those that need nothing run meanwhile."""
    wanted = {server for item in session.items for server in _needs(item)}
    if wanted and not session.config.option.collectonly:
        _run().start(wanted)


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Take the network from a test that did not say that it needs one."""
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    if not (_needs(item) or folder in OPEN_FOLDERS or item.get_closest_marker("enable_socket")):
        disable_socket(allow_unix_socket=True)  # an event loop wakes itself through one


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _run().stop()


def _needs(item: pytest.Item) -> set[str]:
    return NEEDS.intersection(getattr(item, "fixturenames", ()))


def _run() -> Run:
    return Run(Path(os.environ[RUN]))


@dataclass(frozen=True)
class Servers:
    postgres: Address
    kafka: str


@pytest.fixture(scope="session")
def postgres() -> Address:
    return _run().postgres()


@pytest.fixture(scope="session")
def kafka() -> str:
    return _run().kafka()


@pytest.fixture(scope="session")
def servers(postgres: Address, kafka: str) -> Servers:
    return Servers(postgres, kafka)


@pytest.fixture(scope="session")
def databases(postgres: Address) -> Databases:
    return Databases(postgres, _run().folder)


@pytest.fixture
def database(databases: Databases) -> Iterator[MakeDatabase]:
    yield from _lending(databases, databases.migrated)


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[MakeDatabase]:
    yield from _lending(databases, databases.empty)


def _lending(databases: Databases, make: MakeDatabase) -> Iterator[MakeDatabase]:
    lent: list[Database] = []

    def lend(service: str) -> Database:
        lent.append(make(service))
        return lent[-1]

    yield lend
    for one in lent:
        databases.drop(one)


@pytest.fixture(scope="session")
def shared_database(databases: Databases) -> MakeDatabase:
    shared: dict[str, Database] = {}

    def share(service: str) -> Database:
        if service not in shared:
            shared[service] = databases.migrated(service)
        return shared[service]

    return share


@pytest.fixture
def topic_prefix() -> str:
    return f"t{secrets.token_hex(4)}."


@pytest_asyncio.fixture
async def make_topics(kafka: str) -> AsyncIterator[MakeTopics]:
    async with AsyncExitStack() as deleted:

        async def make(*names: str, partitions: int = 1) -> list[str]:
            return await deleted.enter_async_context(topics(kafka, names, partitions))

        yield make
