"""The three ways in which the bus talks to Kafka: send, look something up, belong to a group."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from bus.kafka.records import Acknowledged, Names, Outgoing, Partition, Record, SendFailed


class Producer:
    """Sends records; the relay and the dead-letter box are its only callers."""

    def __init__(self, client: AIOKafkaProducer, names: Names, patience_s: float) -> None:
        self._client, self._names, self._patience_s = client, names, patience_s

    async def send(self, records: Sequence[Outgoing]) -> list[Acknowledged]:
        """Send in order and wait for every acknowledgement. Raises SendFailed if one does not come."""
        try:
            # aiokafka itself tries an idempotent batch for ever
            async with asyncio.timeout(self._patience_s):
                sent = [
                    await self._client.send(self._names.outer(topic), value, key, headers=list(headers))
                    for topic, key, value, headers in records
                ]
                metadata = await asyncio.gather(*sent)
        except (KafkaError, TimeoutError) as error:
            raise SendFailed(f"{type(error).__name__}: Kafka did not acknowledge") from error
        return [
            Acknowledged(Partition(self._names.inner(each.topic), each.partition), each.offset) for each in metadata
        ]


class Reader:
    """Reads single places and ends of logs."""

    def __init__(self, client: AIOKafkaConsumer, names: Names) -> None:
        self._client, self._names = client, names

    async def ends(self, partitions: Iterable[Partition]) -> dict[Partition, tuple[int, int]]:
        """Return where each log begins and ends. The partitions must exist."""
        outer = [self._names.outside(each) for each in partitions]
        if not outer:
            return {}
        begins, ends = await self._client.beginning_offsets(outer), await self._client.end_offsets(outer)
        return {self._names.inside(each): (begins[each], ends[each]) for each in outer}

    async def at(self, places: Mapping[Partition, int], patience_s: float = 30) -> dict[Partition, Record]:
        """Read one record in each partition; a place that the log does not have (any more) is absent."""
        ends = await self.ends(places)
        wanted = {each: place for each, place in places.items() if ends[each][0] <= place < ends[each][1]}
        return {each: records[0] for each, records in (await self._read(wanted, 1, patience_s)).items()}

    async def all(self, partition: Partition, patience_s: float = 30) -> list[Record]:
        """Read a whole partition; for the dead letters, which a limit keeps few."""
        begin, end = (await self.ends([partition]))[partition]
        return (await self._read({partition: begin}, end - begin, patience_s)).get(partition, []) if end > begin else []

    async def _read(
        self, places: Mapping[Partition, int], count: int, patience_s: float
    ) -> dict[Partition, list[Record]]:
        """Read `count` records from each place on."""
        missing = {self._names.outside(each): place for each, place in places.items()}
        found: dict[Partition, list[Record]] = {each: [] for each in places}
        async with asyncio.timeout(patience_s):
            while missing:
                self._client.assign(list(missing))
                for each, place in missing.items():
                    self._client.seek(each, place)
                for each, records in (await self._client.getmany(timeout_ms=1000)).items():
                    mine = found[self._names.inside(each)]
                    mine += [
                        _record(self._names.inner(record.topic), record) for record in records[: count - len(mine)]
                    ]
                    missing[each] = mine[-1].offset + 1 if mine else missing[each]
                    if len(mine) == count:
                        del missing[each]
        return found

    async def through(
        self, stretches: Mapping[Partition, tuple[int, int]], patience_s: float = 30
    ) -> AsyncIterator[Sequence[Record]]:
        """Read every record of these stretches, from the first offset to before the second, in each partition's order.

        Raises TimeoutError if Kafka gives nothing for so long although there must be more.
        """
        left = {self._names.outside(each): end for each, (begin, end) in stretches.items() if begin < end}
        self._client.assign(list(left))
        for each in left:
            self._client.seek(each, stretches[self._names.inside(each)][0])
        while left:
            async with asyncio.timeout(patience_s):
                while not (polled := await self._client.getmany(timeout_ms=1000)):
                    pass
            for each, records in polled.items():
                topic, end = self._names.inner(each.topic), left.get(each, 0)
                yield [_record(topic, record) for record in records if record.offset < end]
                if records[-1].offset + 1 >= end:
                    left.pop(each, None)
                    self._client.pause(each)


class Member:
    """A group's member: what it is assigned, polls, and commits."""

    def __init__(self, client: AIOKafkaConsumer, names: Names) -> None:
        self._client, self._names = client, names

    async def poll(self, most: int, wait_s: float) -> dict[Partition, list[Record]]:
        """Return what has come, at most so many records."""
        polled = await self._client.getmany(timeout_ms=int(wait_s * 1000), max_records=most)
        return {
            (partition := self._names.inside(each)): [_record(partition.topic, record) for record in records]
            for each, records in polled.items()
        }

    def assigned(self) -> set[Partition]:
        return {self._names.inside(each) for each in self._client.assignment()}

    def seek(self, places: Mapping[Partition, int]) -> None:
        """Go on from there; partitions that were taken away meanwhile are left alone."""
        for each in self.assigned() & places.keys():
            self._client.seek(self._names.outside(each), places[each])

    def pause(self, partitions: Iterable[Partition]) -> None:
        self._client.pause(*(self._names.outside(each) for each in self.assigned() & set(partitions)))

    def resume(self, partitions: Iterable[Partition]) -> None:
        self._client.resume(*(self._names.outside(each) for each in self.assigned() & set(partitions)))

    async def commit(self, places: Mapping[Partition, int]) -> None:
        """Tell the group how far we are. Only tools read it: a refusal after a rebalance is of no consequence."""
        mine = self.assigned()
        offsets = {self._names.outside(each): place for each, place in places.items() if each in mine}
        if offsets:
            await self._client.commit(offsets)


def _record(topic: str, record: Any) -> Record:
    return Record(topic, record.partition, record.offset, record.timestamp, record.key, record.value, record.headers)
