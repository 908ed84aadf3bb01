"""What the relay remembers of Kafka: the last acknowledged offset of each partition, to notice a log that was lost."""

from collections.abc import Mapping, Sequence

import asyncpg

from bus import holds
from bus.errors import LogLost
from bus.kafka import Acknowledged, Kafka, Partition


class RelayLog:
    """The remembered offsets, in memory and in `relay_log`."""

    def __init__(self, acknowledged: Mapping[Partition, int]) -> None:
        self._acknowledged = dict(acknowledged)

    @classmethod
    async def remembered(cls, connection: asyncpg.Connection) -> "RelayLog":
        rows = await connection.fetch("SELECT topic, partition, acknowledged FROM relay_log", timeout=holds.PATIENCE_S)
        return cls({Partition(row["topic"], row["partition"]): row["acknowledged"] for row in rows})

    async def compare(self, kafka: Kafka, service: str) -> None:
        """Look at the logs' ends. Raises LogLost if one ends before what it once acknowledged."""
        if not self._acknowledged:
            return
        existing = await kafka.partitions({each.topic for each in self._acknowledged})
        for partition in self._acknowledged:
            if partition not in existing.get(partition.topic, ()):
                raise LogLost(_lost(service, partition, "it does not exist"))
        async with kafka.reader() as reader:
            ends = await reader.ends(self._acknowledged)
        for partition, offset in self._acknowledged.items():
            if ends[partition][1] <= offset:
                raise LogLost(_lost(service, partition, f"it ends at {ends[partition][1]}, {offset} was acknowledged"))

    async def acknowledge(
        self, connection: asyncpg.Connection, service: str, sent: Sequence[Acknowledged], ids: Sequence[int]
    ) -> None:
        """Forget what was pending and remember how far Kafka is, in one statement."""
        last: dict[Partition, int] = {}
        for partition, offset in sent:
            if offset <= self._acknowledged.get(partition, -1):
                raise LogLost(_lost(service, partition, f"it took a new event at {offset}, which it had given before"))
            last[partition] = max(offset, last.get(partition, -1))
        columns = [each.topic for each in last], [each.number for each in last], list(last.values())
        await connection.execute(_ACKNOWLEDGE, *columns, ids, timeout=holds.PATIENCE_S)
        self._acknowledged |= last


_ACKNOWLEDGE = """
WITH remembered AS (
    INSERT INTO relay_log (topic, partition, acknowledged)
    SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[])
    ON CONFLICT (topic, partition) DO UPDATE SET acknowledged = excluded.acknowledged
)
DELETE FROM pending WHERE id = ANY($4::bigint[])
"""


def _lost(service: str, partition: Partition, what: str) -> str:
    return (
        f"Kafka lost events of {partition.topic}, partition {partition.number}: {what}. "
        f"Stop the {service} workers, delete {service}'s topics, create them (python -m bus topics), "
        f"run `{service} republish`, restart all workers."
    )
