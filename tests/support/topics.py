"""Topics for tests: created, and waited for until each partition takes a record; 240 of them need seconds."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

WRITABLE_WITHIN = 30.0


@asynccontextmanager
async def topics(bootstrap: str, names: Iterable[str], partitions: int = 1) -> AsyncIterator[list[str]]:
    """Empty topics for the length of a test."""
    wanted = list(names)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        answer = await admin.create_topics([NewTopic(name, partitions, 1) for name in wanted])
        refused = [error for error in answer.topic_errors if error[1]]
        if refused:
            raise RuntimeError(f"topics were not created: {refused}")
        await _until_written_to(bootstrap, wanted, partitions)
        yield wanted
        await admin.delete_topics(wanted)
    finally:
        await admin.close()


async def _until_written_to(bootstrap: str, names: Iterable[str], partitions: int) -> None:
    """Wait for a leader of every partition, without leaving a record behind."""
    deadline = time.monotonic() + WRITABLE_WITHIN
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        for name in names:
            while len(await producer.partitions_for(name)) < partitions:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{name} has no leader for all its partitions")
                await asyncio.sleep(0.02)
    finally:
        await producer.stop()
