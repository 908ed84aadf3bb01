"""What goes in and comes out of Kafka, under the catalogue's names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aiokafka import TopicPartition

Headers = Sequence[tuple[str, bytes]]


class Partition(NamedTuple):
    """One partition of a topic of the catalogue."""

    topic: str
    number: int


class Record(NamedTuple):
    """A record as Kafka keeps it, under its topic's catalogue name."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers


class Outgoing(NamedTuple):
    """A record to be sent; no partition: the key chooses."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


class Acknowledged(NamedTuple):
    """Where Kafka put a record."""

    partition: Partition
    offset: int


class SendFailed(Exception):
    """Kafka did not acknowledge a record: nobody knows which of the batch it has."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names that Kafka knows: the catalogue's, behind a prefix where several tests share a broker."""

    prefix: str = ""

    def outer(self, name: str) -> str:
        return self.prefix + name

    def inner(self, name: str) -> str:
        return name.removeprefix(self.prefix)

    def outside(self, partition: Partition) -> TopicPartition:
        return TopicPartition(self.outer(partition.topic), partition.number)

    def inside(self, partition: TopicPartition) -> Partition:
        return Partition(self.inner(partition.topic), partition.partition)
