"""How far a group is in each partition, kept in the database beside the effects: the truth that Kafka's own is not.

A position remembers its last record's stamp and hash, so that a log that was lost and filled again is noticed.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bus import metrics
from bus.errors import Overtaken
from bus.kafka import Kafka, Partition, Record
from kit.database import Sessions

log = structlog.get_logger()


class Span(NamedTuple):
    """What a batch takes of one partition: from this offset to that record."""

    start: int
    last: Record


Spans = Mapping[Partition, Span]


@dataclass(frozen=True, slots=True)
class Position:
    """A row of `positions`; no stamp: nothing was read yet."""

    next_offset: int
    last_timestamp: int | None
    last_hash: bytes | None

    def continues(self, record: Record | None) -> bool:
        """Say whether this is the log we left, by the record that we read last."""
        if self.last_timestamp is None:
            return True
        return record is not None and (record.timestamp, fingerprint(record)) == (self.last_timestamp, self.last_hash)


def fingerprint(record: Record) -> bytes:
    """Hash a record's key and bytes."""
    key, value = record.key or b"", record.value or b""
    return hashlib.blake2b(len(key).to_bytes(4, "big") + key + value, digest_size=16).digest()


async def find(sessions: Sessions, kafka: Kafka, group: str, partitions: Iterable[Partition]) -> dict[Partition, int]:
    """Return where to go on in newly assigned partitions: from the beginning where the log is not the one we left."""
    wanted = sorted(partitions)
    async with sessions.begin(None) as session:
        known = await _rows(session, group, wanted)
    places = {each: row.next_offset - 1 for each, row in known.items() if row.last_timestamp is not None}
    async with kafka.reader() as reader:
        begins = {each: begin for each, (begin, _) in (await reader.ends(wanted)).items()}
        last = await reader.at(places)
    lost = {each for each, row in known.items() if not row.continues(last.get(each))}
    for each in lost:
        log.error(
            "a log was lost, reading it again from the beginning", group=group, partition=f"{each.topic}/{each.number}"
        )
        metrics.LOGS_LOST.labels(group).inc()
    fresh = {each: begins[each] for each in wanted if each in lost or each not in known}
    async with sessions.begin(None) as session:
        await _forget(session, group, {each: known[each].next_offset for each in lost})
        await _start(session, group, fresh)
    return {each: fresh[each] if each in fresh else known[each].next_offset for each in wanted}


async def lock(session: AsyncSession, group: str, spans: Spans) -> None:
    """Lock the rows, in order. Raises Overtaken if one is not where the batch starts."""
    found = await _rows(session, group, spans, lock=True)
    for partition, span in spans.items():
        if partition not in found or found[partition].next_offset != span.start:
            raise Overtaken(f"{partition.topic}/{partition.number}")


async def begin(sessions: Sessions, group: str, spans: Spans) -> int:
    """Note that this process begins the batch; return how many, at most, began it and did not finish.

    Not waiting for the disk: it must survive this process, not the server.
    """
    async with sessions.begin(None) as session:
        await session.execute(text("SET LOCAL synchronous_commit = off"))
        await lock(session, group, spans)
        rows = await session.execute(text(_BEGIN), {"group_name": group, **_where(spans)})
        return max((row.begun for row in rows), default=0)


async def advance(session: AsyncSession, group: str, spans: Spans, *, suspected: bool = False) -> None:
    """Move the locked rows behind the batch. `suspected`: what was begun too often is not over yet."""
    columns = {
        "next_offset": [span.last.offset + 1 for span in spans.values()],
        "last_timestamp": [span.last.timestamp for span in spans.values()],
        "last_hash": [fingerprint(span.last) for span in spans.values()],
        "suspected": suspected,
    }
    await session.execute(text(_ADVANCE), {"group_name": group, **_where(spans), **columns})


async def _rows(
    session: AsyncSession, group: str, partitions: Iterable[Partition], *, lock: bool = False
) -> dict[Partition, Position]:
    rows = await session.execute(text(_SELECT_LOCKED if lock else _SELECT), {"group_name": group, **_where(partitions)})
    return {
        Partition(row.topic, row.partition): Position(row.next_offset, row.last_timestamp, row.last_hash)
        for row in rows
    }


async def _forget(session: AsyncSession, group: str, lost: Mapping[Partition, int]) -> None:
    await session.execute(text(_FORGET), {"group_name": group, **_where(lost), "next_offset": list(lost.values())})


async def _start(session: AsyncSession, group: str, fresh: Mapping[Partition, int]) -> None:
    await session.execute(text(_START), {"group_name": group, **_where(fresh), "next_offset": list(fresh.values())})


def _where(partitions: Iterable[Partition]) -> dict[str, object]:
    each = list(partitions)
    return {"topic": [one.topic for one in each], "partition": [one.number for one in each]}


_GIVEN = "unnest(CAST(:topic AS text[]), CAST(:partition AS integer[])"
_SELECT = f"""
SELECT p.topic, p.partition, p.next_offset, p.last_timestamp, p.last_hash FROM positions p
WHERE group_name = :group_name AND (p.topic, p.partition) IN (SELECT * FROM {_GIVEN}))
ORDER BY p.topic, p.partition
"""  # noqa: S608 — no value is put in by hand
_SELECT_LOCKED = f"{_SELECT} FOR UPDATE"
_BEGIN = f"""
UPDATE positions p SET begun = p.begun + 1 FROM {_GIVEN}) AS given (topic, partition)
WHERE p.group_name = :group_name AND p.topic = given.topic AND p.partition = given.partition
RETURNING p.begun
"""  # noqa: S608
_ADVANCE = f"""
UPDATE positions p SET next_offset = given.next_offset, last_timestamp = given.last_timestamp,
    last_hash = given.last_hash, begun = CASE WHEN :suspected THEN p.begun ELSE 0 END
FROM {_GIVEN}, CAST(:next_offset AS bigint[]), CAST(:last_timestamp AS bigint[]), CAST(:last_hash AS bytea[]))
    AS given (topic, partition, next_offset, last_timestamp, last_hash)
WHERE p.group_name = :group_name AND p.topic = given.topic AND p.partition = given.partition
"""  # noqa: S608
_FORGET = f"""
DELETE FROM positions p USING {_GIVEN}, CAST(:next_offset AS bigint[])) AS given (topic, partition, next_offset)
WHERE p.group_name = :group_name AND p.topic = given.topic AND p.partition = given.partition
    AND p.next_offset = given.next_offset
"""  # noqa: S608
_START = f"""
INSERT INTO positions (group_name, topic, partition, next_offset)
SELECT :group_name, * FROM {_GIVEN}, CAST(:next_offset AS bigint[]))
ON CONFLICT DO NOTHING
"""  # noqa: S608
