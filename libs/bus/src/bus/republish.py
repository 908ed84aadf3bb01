"""When Kafka has lost a service's topics: send the whole journal again. The same ids, so nothing doubles anywhere."""

from collections.abc import Callable

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from bus import codec, holds
from bus.errors import CannotStart
from bus.kafka import Kafka
from bus.relay import lock_name
from bus.relay_log import RelayLog
from contracts.catalogue import TOPICS

PAGE = 1000


async def republish(engine: AsyncEngine, service: str, kafka: Kafka, tell: Callable[[int], None]) -> int:
    """Send the journal in id order, in the relay's place. Raises CannotStart if a relay runs or a topic is not empty.

    What is committed meanwhile stays pending for the relay. If this is broken off, the topics must be emptied again.
    """
    async with holds.direct(engine) as connection:
        if not await holds.try_hold(connection, lock_name(service)):
            raise CannotStart(f"a relay of {service} is running: stop all {service} workers first")
        await _demand_empty(service, kafka)
        await connection.execute("DELETE FROM relay_log")
        return await _send_all(connection, service, kafka, tell)


async def _demand_empty(service: str, kafka: Kafka) -> None:
    own = [topic.name for topic in TOPICS if topic.owner == service]
    existing = await kafka.partitions(own)
    if missing := sorted(set(own) - existing.keys()):
        raise CannotStart(f"Kafka has no topic {', '.join(missing)}: run `python -m bus topics` first")
    async with kafka.reader() as reader:
        ends = await reader.ends(partition for each in existing.values() for partition in each)
    if full := sorted({partition.topic for partition, (begin, end) in ends.items() if end > begin}):
        raise CannotStart(
            f"{', '.join(full)} must be empty, or every event would stand there twice: "
            "delete the topics and run `python -m bus topics` first"
        )


async def _send_all(connection: asyncpg.Connection, service: str, kafka: Kafka, tell: Callable[[int], None]) -> int:
    memory, last, count = RelayLog({}), 0, 0
    async with kafka.producer() as producer:
        while rows := await connection.fetch(_PAGE, last, PAGE):
            sent = await producer.send(
                [
                    codec.outgoing(row["topic"], row["key"], row["type"], row["value"])
                    for row in rows
                    if row["value"] is not None
                ]
            )
            await memory.acknowledge(connection, service, sent, [row["id"] for row in rows])
            last, count = rows[-1]["id"], count + len(sent)
            tell(count)
    return count


# An erasure blanks a row's value: it keeps its place here and is sent no more.
_PAGE = "SELECT id, topic, key, type, value FROM journal WHERE id > $1 ORDER BY id LIMIT $2"
