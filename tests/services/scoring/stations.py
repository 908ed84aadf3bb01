"""A county at the end of real topics: registry's events go in, workers of scoring read them."""

from dataclasses import dataclass

from bus.codec import outgoing
from bus.kafka import Kafka, Partition
from contracts.catalogue import Topic
from contracts.envelope import Envelope, encode
from kit.database import Sessions
from scoring.app import listener
from scoring.consumers import GROUP, SOURCES, Ledger
from services.scoring.counties import County

Event = tuple[Topic, Envelope]
PARTITIONS = 2
TOPICS = [source.topic.name for source in SOURCES]


@dataclass
class Station:
    county: County
    kafka: Kafka

    async def send(self, *events: Event) -> None:
        """Put events on their topics as registry's relay does."""
        async with self.kafka.producer() as producer:
            records = [outgoing(topic.name, topic.key_of(event), event.type, encode(event)) for topic, event in events]
            await producer.send(records)

    def worker(self, most_records: int = 4000) -> Ledger:
        sessions = Sessions(self.county.worker)
        return Ledger("scoring", listener(), sessions, self.kafka, most_records=most_records)

    async def kept(self) -> list[bytes]:
        """Every event on registry's topics, byte for byte."""
        async with self.kafka.reader() as reader:
            logs = [await reader.all(Partition(name, number)) for name in TOPICS for number in range(PARTITIONS)]
        return [record.value or b"" for log in logs for record in log]

    async def applied(self) -> int:
        """How many records the workers have behind them, duplicates included."""
        (row,) = await self.county.rows(
            "SELECT coalesce(sum(next_offset), 0) AS count FROM positions WHERE group_name = :group", group=GROUP
        )
        return int(row.count)

    async def totals(self) -> dict[str, int]:
        rows = await self.county.rows("SELECT person, total_tenths FROM cells WHERE county = :county AND in_scope")
        return {row.person: row.total_tenths for row in rows}
