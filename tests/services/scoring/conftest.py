"""A county of its own in scoring's migrated database, with both of the service's roles."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest_asyncio

from bus.kafka import Kafka
from bus.kafka.topics import Wanted, delete, ensure
from kit.database import connect
from scoring.consumers import GROUP
from services.scoring.counties import County
from services.scoring.stations import PARTITIONS, TOPICS, Station


@pytest_asyncio.fixture
async def county(shared_database: Callable[[str], Any]) -> AsyncIterator[County]:
    database = shared_database("scoring")
    api, worker = (
        connect(role.url, role.password, application="test", schema="scoring", pool=4)
        for role in (database.api, database.worker)
    )
    made = County(api, worker)
    await made.hear_of()
    yield made
    await api.dispose()
    await worker.dispose()


@pytest_asyncio.fixture
async def station(database: Callable[[str], Any], kafka: str, topic_prefix: str) -> AsyncIterator[Station]:
    made, broker = database("scoring"), Kafka(kafka, topic_prefix)
    wanted = [Wanted(name, PARTITIONS, {}) for name in TOPICS]
    wanted += [Wanted(f"{name}.dlq.{GROUP}", 1, {}) for name in TOPICS]
    await ensure(broker, wanted, 1)
    api, worker = (
        connect(role.url, role.password, application="test", schema="scoring", pool=5)
        for role in (made.api, made.worker)
    )
    yield Station(County(api, worker), broker)
    await api.dispose()
    await worker.dispose()
    await delete(broker, [each.name for each in wanted])
