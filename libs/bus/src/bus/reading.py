"""Reading topics from their beginning outside any group: for a one-shot that counts again what a group made of them.

    async with kafka.reader(reading.FETCH_BYTES) as reader:
        logs = await reading.logs(kafka, reader, [topics.PERSON.name])
        async for chunk in reading.through(reader, [source(topics.PERSON, events.person)], logs): …

Nothing is written anywhere, neither offsets nor rows.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bus import codec
from bus.errors import InvalidEvent
from bus.kafka import Kafka, Partition, Reader, Record
from bus.subscriptions import Read, Source

V = TypeVar("V")

FETCH_BYTES = 1024 * 1024


class Log(NamedTuple):
    """One partition: its first offset, and the one behind its last."""

    begin: int
    end: int


Place = tuple[str, int, int]
"""Topic, partition, offset."""


@dataclass(slots=True)
class Chunk(Generic[V]):
    """Some records of one partition, in its order: how many they were, what was read, and what nobody can read."""

    records: int
    reads: list[Read[V]] = field(default_factory=list)
    unreadable: int = 0


async def logs(kafka: Kafka, reader: Reader, topics: Iterable[str]) -> dict[Partition, Log]:
    """Say where the logs begin and end at this moment. Raises CannotStart for a topic that Kafka does not have."""
    found = await kafka.existing(topics)
    ends = await reader.ends(partition for each in found.values() for partition in each)
    return {each: Log(*ends[each]) for each in sorted(ends)}


async def through(
    reader: Reader,
    sources: Sequence[Source[V]],
    logs: Mapping[Partition, Log],
    *,
    holding: str = "",
    without: Collection[Place] = (),
) -> AsyncIterator[Chunk[V]]:
    """Read these logs to the ends given, some records at a time.

    `holding`: only events whose bytes hold this, such as a county's id; `without`: places to pass over.
    """
    sought, by_topic = holding.encode(), {each.topic.name: each for each in sources}
    async for records in reader.through(logs):
        chunk: Chunk[V] = Chunk(len(records))
        for record in records:
            if sought in (record.value or b"") and (record.topic, record.partition, record.offset) not in without:
                _add(chunk, by_topic[record.topic], record)
        yield chunk


async def last(
    reader: Reader, source: Source[V], logs: Mapping[Partition, Log], *, holding: str = ""
) -> AsyncIterator[Read[V]]:
    """Read only the last event of each key: for a topic whose key is its subject, where one relay keeps the order."""
    sought = holding.encode()
    newest: dict[bytes, Record] = {}
    async for records in reader.through(logs):
        newest |= {record.key or b"": record for record in records if sought in (record.value or b"")}
    for record in newest.values():
        chunk: Chunk[V] = Chunk(1)
        _add(chunk, source, record)
        for each in chunk.reads:
            yield each


def _add(chunk: Chunk[V], source: Source[V], record: Record) -> None:
    try:
        envelope = codec.envelope(source.topic, record)
        if envelope is not None:
            source.topic.key_of(envelope)
            chunk.reads.append(Read(source.topic, envelope, source.read(envelope)))
    except (InvalidEvent, ValueError):
        chunk.unreadable += 1


async def applied(session: AsyncSession, group: str, logs: Mapping[Partition, Log]) -> dict[Partition, Log]:
    """Cut the logs off where the group is in this transaction: what lies behind is not in its tables yet."""
    rows = await session.execute(text(_POSITIONS), {"group_name": group})
    places = {Partition(row.topic, row.partition): row.next_offset for row in rows}
    return {
        each: Log(log.begin, min(max(places.get(each, log.begin), log.begin), log.end)) for each, log in logs.items()
    }


async def set_aside(session: AsyncSession, group: str) -> set[Place]:
    """Name the places whose events the group passed over and has not applied since."""
    rows = await session.execute(text(_SET_ASIDE), {"group_name": group})
    return {(row.topic, row.partition, row.offset) for row in rows}


_POSITIONS = "SELECT topic, partition, next_offset FROM positions WHERE group_name = :group_name"
_SET_ASIDE = """
SELECT topic, partition, "offset" FROM dead_letters WHERE group_name = :group_name AND state <> 'replayed'
"""
