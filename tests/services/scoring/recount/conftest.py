"""A town of its own for each test: a database, and every topic that scoring reads or owns."""

from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from bus.kafka import Kafka
from bus.kafka.topics import Wanted, delete, make
from kit.database import connect
from scoring.consumers import GROUP
from services.scoring.counties import County
from services.scoring.recount.towns import OWN, Town
from services.scoring.stations import PARTITIONS, TOPICS
from support.databases import Database


@pytest_asyncio.fixture
async def town(database: Callable[[str], Database], kafka: str, topic_prefix: str) -> AsyncIterator[Town]:
    made, broker = database("scoring"), Kafka(kafka, topic_prefix)
    wanted = [Wanted(name, PARTITIONS, {}) for name in (*TOPICS, *OWN)]
    wanted += [Wanted(f"{name}.dlq.{GROUP}", 1, {}) for name in TOPICS]
    await make(broker, wanted, 1)
    api, worker, owner = (
        connect(role.url, role.password, application="test", schema="scoring", pool=6)
        for role in (made.api, made.worker, made.owner)
    )
    yield Town(County(api, worker), broker, made.worker, owner)
    for engine in (api, worker, owner):
        await engine.dispose()
    await delete(broker, [each.name for each in wanted])
