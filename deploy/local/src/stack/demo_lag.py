"""Waits until nothing is on its way: every journal sent, every group at the end of its topics, every answer sent on."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from bus.kafka import Kafka, Partition, Reader
from contracts.catalogue import TOPICS

RECOUNTED_WITHIN_S = 1.2
"""A relay counts its unsent events at least once a second; a count older than our last request proves nothing."""
PATIENCE_S = 120.0
UNSENT = re.compile(r"^jinqiu_bus_unsent_events\{[^}]*\} (?P<count>\S+)$", re.MULTILINE)


class StillBehind(Exception):
    """Events are on their way for longer than anyone should wait."""


@dataclass(frozen=True, slots=True)
class Lag:
    """Looks at the workers' metrics and at Kafka; it needs no service's code and no table."""

    http: httpx.AsyncClient
    workers: Iterable[str]
    admin: AIOKafkaAdminClient
    reader: Reader

    async def gone(self) -> None:
        """Return when nothing is on its way. Raises StillBehind."""
        deadline = time.monotonic() + PATIENCE_S
        await asyncio.sleep(RECOUNTED_WITHIN_S)
        while behind := {**await self._unsent(), **await self._unread()}:
            if time.monotonic() > deadline:
                raise StillBehind(f"still on their way after {PATIENCE_S:.0f} s: {behind}")
            await asyncio.sleep(0.2)

    async def _unsent(self) -> dict[str, int]:
        found = {}
        for worker in self.workers:
            text = (await self.http.get(f"{worker}/metrics")).raise_for_status().text
            if count := sum(int(float(line["count"])) for line in UNSENT.finditer(text)):
                found[f"unsent at {worker}"] = count
        return found

    async def _unread(self) -> dict[str, int]:
        listened = {(topic, group) for topic in TOPICS for group in topic.consumers}
        partitions = [Partition(topic.name, number) for topic, _ in listened for number in range(topic.partitions)]
        ends = {each: end for each, (_, end) in (await self.reader.ends(set(partitions))).items()}
        found = {}
        for group in {group for _, group in listened}:
            names = {topic.name for topic, listener in listened if listener == group}
            places = await self._places(group)
            left = sum(end - places.get(each, 0) for each, end in ends.items() if each.topic in names)
            if left:
                found[f"unread by {group}"] = left
        return found

    async def _places(self, group: str) -> Mapping[Partition, int]:
        """How far a group has told Kafka it is; it does so after its database has committed."""
        try:
            told = await self.admin.list_consumer_group_offsets(group)
        except GroupCoordinatorNotAvailableError:  # on a new broker nobody has told anything yet
            return {}
        return {_partition(each): max(place.offset, 0) for each, place in told.items()}


@asynccontextmanager
async def watching(http: httpx.AsyncClient, workers: Iterable[str], bootstrap: str) -> AsyncIterator[Lag]:
    kafka = Kafka(bootstrap)
    async with kafka.admin() as admin, kafka.reader() as reader:
        yield Lag(http, tuple(workers), admin, reader)


def _partition(each: TopicPartition) -> Partition:
    return Partition(each.topic, each.partition)
