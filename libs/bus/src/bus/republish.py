"""When Kafka has lost a service's topics: send the whole journal again. The same ids, so nothing doubles anywhere."""

from collections.abc import Callable

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from bus import holds, relay
from bus.errors import CannotStart
from bus.kafka import Kafka
from bus.relay_log import RelayLog
from contracts.catalogue import TOPICS

FILL_S = 3600
"""Making a long journal pending is one statement; it may take its time."""


async def republish(engine: AsyncEngine, service: str, kafka: Kafka, tell: Callable[[int], None]) -> int:
    """Send the journal in id order, in the relay's place. Raises CannotStart if a relay runs or a topic is not empty.

    If this is broken off, the next relay completes it: what is not sent yet is pending, as is what others commit
    meanwhile, and so a subject's order is the relay's.
    """
    async with holds.direct(engine) as connection:
        if not await holds.try_hold(connection, relay.lock_name(service)):
            raise CannotStart(f"a relay of {service} is running: stop all {service} workers first")
        await _demand_empty(service, kafka)
        await connection.execute(_FILL, timeout=FILL_S)
        return await _send_all(connection, service, kafka, tell)


async def _demand_empty(service: str, kafka: Kafka) -> None:
    own = [topic.name for topic in TOPICS if topic.owner == service]
    existing = await kafka.existing(own)
    async with kafka.reader() as reader:
        ends = await reader.ends(partition for each in existing.values() for partition in each)
    if full := sorted({partition.topic for partition, (begin, end) in ends.items() if end > begin}):
        raise CannotStart(
            f"{', '.join(full)} must be empty, or every event would stand there twice: "
            "delete the topics and run `python -m bus topics` first"
        )


async def _send_all(connection: asyncpg.Connection, service: str, kafka: Kafka, tell: Callable[[int], None]) -> int:
    memory, count, taken = RelayLog({}), 0, relay.BATCH
    async with kafka.producer() as producer:
        while taken == relay.BATCH:
            taken, sent = await relay.send_oldest(connection, producer, memory, service)
            count += sent
            tell(count)
    return count


# Both or neither: a relay that forgot its offsets and does not have everything to send would lose it.
_FILL = """
WITH forgotten AS (DELETE FROM relay_log)
INSERT INTO pending SELECT id FROM journal WHERE value IS NOT NULL ON CONFLICT DO NOTHING
"""
