"""How far a group is behind its topics, as Kafka knows it: for people who look, also where its tables are out of reach.

A group tells Kafka after it has committed its database, so what is told here as done is done.
"""

import asyncio
import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from bus.errors import CannotStart, KafkaAway
from bus.kafka import Kafka, KafkaError, Partition, Reader

Ends = dict[Partition, tuple[int, int]]
PATIENCE_S = 10.0
AGAIN_S = 0.2


@dataclass(frozen=True, slots=True)
class Lag:
    """One topic: how many records the group has still to apply, and when the topic's owner last spoke (UTC)."""

    topic: str
    behind: int
    last_spoke: datetime.datetime | None  # None: never


async def lag(kafka: Kafka, group: str, topics: Iterable[str], patience_s: float = PATIENCE_S) -> list[Lag]:
    """Look at each topic, in the order given. Raises KafkaAway if Kafka lacks one of them or is too slow."""
    names = list(topics)
    try:
        async with asyncio.timeout(patience_s):
            return await _look_again(kafka, group, names)
    except TimeoutError as error:
        raise KafkaAway(f"Kafka does not answer at {kafka.bootstrap}") from error
    except CannotStart as error:
        raise KafkaAway(str(error)) from error


async def _look_again(kafka: Kafka, group: str, names: list[str]) -> list[Lag]:
    """Look until Kafka answers: one that has just begun has no coordinator for a while."""
    while True:
        try:
            return await _look(kafka, group, names)
        except KafkaError:
            await asyncio.sleep(AGAIN_S)


async def _look(kafka: Kafka, group: str, names: list[str]) -> list[Lag]:
    found = await kafka.existing(names)
    partitions = [each for name in names for each in found[name]]
    done = await kafka.committed(group, partitions)
    async with kafka.reader() as reader:
        ends = await reader.ends(partitions)
        spoken = await _last_spoken(reader, ends)
    return [Lag(name, sum(_behind(each, ends, done) for each in found[name]), spoken.get(name)) for name in names]


async def _last_spoken(reader: Reader, ends: Ends) -> dict[str, datetime.datetime]:
    """Say when the youngest record of each topic was sent."""
    last = await reader.at({each: end - 1 for each, (begin, end) in ends.items() if end > begin})
    spoken: dict[str, int] = {}
    for partition, record in last.items():
        spoken[partition.topic] = max(record.timestamp, spoken.get(partition.topic, 0))
    return {name: datetime.datetime.fromtimestamp(stamp / 1000, datetime.UTC) for name, stamp in spoken.items()}


def _behind(partition: Partition, ends: Ends, done: dict[Partition, int]) -> int:
    """Count what lies behind the group's place. A log that was lost begins anew, and the group with it."""
    begin, end = ends[partition]
    return end - min(max(done.get(partition, begin), begin), end)
