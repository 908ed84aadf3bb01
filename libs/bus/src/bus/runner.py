"""What a worker does with the records that it polled: apply them, and say what becomes of them if that fails."""

import asyncio
import datetime
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import structlog

from bus import metrics, positions
from bus.attempts import Attempts
from bus.batches import Batch, Decoder, Event, Fault
from bus.dead_letter import Box
from bus.effects import Effects
from bus.errors import Overtaken
from bus.kafka import KafkaError, Member, Partition, Record
from bus.places import Places
from bus.positions import Span
from bus.retries import Retries, raise_if_not_its_own
from bus.subscriptions import Listener
from bus.transient import transient
from kit.database import Sessions

log = structlog.get_logger()
W = TypeVar("W")

DEATHS = 2
"""So many processes may leave a batch unfinished; then its events are tried alone, to find the one that kills."""
COMMIT_S = 5
"""So long may Kafka take to hear how far we are."""


class Runner(Generic[W]):
    """Applies one group's batches and keeps the failure words."""

    def __init__(self, listener: Listener[W], sessions: Sessions, places: Places, box: Box) -> None:
        self._group, self._sessions, self._places, self._box = listener.group, sessions, places, box
        self._decoder = Decoder(listener.readers)
        self._effects = Effects(listener.group, listener.subscriptions, listener.make_work, sessions)
        self._retries = Retries(self._decoder, Attempts(sessions, listener.group), self._apply, self._divert)
        self._begun: dict[Partition, tuple[int, int]] = {}
        self._suspected = False
        self._owed: set[Partition] = set()

    async def take(self, member: Member, records: Sequence[Record], stop: asyncio.Event) -> None:
        """Bring the records to an end: applied, set aside, put off, or dropped because another worker was first."""
        partitions = {Partition(record.topic, record.partition) for record in records}
        try:
            await self._settle(records, stop)
        except Overtaken as error:
            log.warning("another worker was first, dropping the batch", group=self._group, partition=str(error))
            metrics.DROPPED.labels(self._group).inc()
            self._places.drop(partitions)
        except Exception as error:
            if not transient(error):
                raise
            if len(partitions) > 1:
                log.warning("something is away, trying each partition by itself", group=self._group, exc_info=error)
                await self._take_apart(member, records, stop)
            else:
                self._put_off(member, partitions, error)
        self.owe(partitions)

    async def _take_apart(self, member: Member, records: Sequence[Record], stop: asyncio.Event) -> None:
        """Take what is left of each partition by itself: what waits holds up its own partition and no other."""
        for own in self._places.left(records).values():
            if not stop.is_set():
                await self.take(member, own, stop)

    def _put_off(self, member: Member, partitions: Iterable[Partition], error: Exception) -> None:
        pause = self._places.put_off(member, partitions)
        metrics.RETRIES.labels(self._group).inc()
        log.warning("something is away, trying again", group=self._group, pause_s=round(pause, 1), exc_info=error)

    async def _settle(self, records: Sequence[Record], stop: asyncio.Event) -> None:
        if await self._deaths(self._places.spans(records)) > DEATHS:
            log.error("a batch was begun and not finished too often, trying its events alone", group=self._group)
            await self._search(records, stop)
            return
        try:
            await self._apply(records)
        except Exception as error:
            raise_if_not_its_own(error)
            log.warning("a batch failed, trying it in parts", group=self._group, events=len(records), exc_info=error)
            await self._retries.halves(records, stop)

    async def _search(self, records: Sequence[Record], stop: asyncio.Event) -> None:
        """Try each alone. Until a partition's last one is through, the next process must do so too."""
        last = {(record.topic, record.partition): record for record in records}
        try:
            for record in records:
                if not stop.is_set():
                    self._suspected = record is not last[record.topic, record.partition]
                    await self._retries.alone(record)
        finally:
            self._suspected = False

    async def _deaths(self, spans: Mapping[Partition, Span]) -> int:
        """Say how many processes, this one included, began here; one process counts once, however often it tries."""
        new = {each: span for each, span in spans.items() if self._begun.get(each, (-1, 0))[0] != span.start}
        if new:
            begun = await positions.begin(self._sessions, self._group, new)
            self._begun |= {each: (span.start, begun) for each, span in new.items()}
        return max(self._begun[each][1] for each in spans)

    async def _apply(self, records: Sequence[Record], *, alone: bool = False) -> None:
        """Commit one batch and expect the next."""
        started = time.monotonic()
        batch = self._decoder.batch(records, self._places.spans(records))
        await self._box.send(batch.faults)
        new = await self._effects.apply(batch, alone=alone, suspected=self._suspected)
        self._places.done(batch.spans)
        self._measure(batch, new, time.monotonic() - started)

    async def _divert(self, fault: Fault) -> None:
        """Set one event aside that its handler could not apply."""
        await self._box.send([fault])
        spans = self._places.spans([fault.record])
        await self._effects.apply(Batch(spans=spans, faults=[fault]), alone=True, suspected=self._suspected)
        self._places.done(spans)

    def owe(self, partitions: Iterable[Partition]) -> None:
        """Remember that Kafka has not been told how far these are: after a batch, and after a predecessor's death."""
        self._owed.update(partitions)

    async def commit(self, member: Member) -> None:
        """Tell Kafka what it is owed; if it does not listen, later. Nothing but tools depends on it."""
        if not self._owed:
            return
        try:
            # aiokafka itself tries for ever
            async with asyncio.timeout(COMMIT_S):
                await member.commit(self._places.committable(self._owed))
        except (KafkaError, TimeoutError) as error:
            log.warning("Kafka did not take an offset; the database has it", group=self._group, exc_info=error)
        else:
            self._owed.clear()

    def _measure(self, batch: Batch[W], new: Sequence[Event[W]], seconds: float) -> None:
        if new:
            oldest = min(event.read.envelope.recordedtime for event in new)
            age = datetime.datetime.now(datetime.UTC) - oldest
            metrics.EVENT_AGE.labels(self._group).observe(age.total_seconds())
        metrics.APPLIED.labels(self._group).inc(len(new))
        metrics.DUPLICATES.labels(self._group).inc(len(batch.events) - len(new))
        metrics.SKIPPED.labels(self._group).inc(batch.skipped)
        metrics.BATCH.labels(self._group).observe(len(batch.events))
        metrics.BATCH_SECONDS.labels(self._group).observe(seconds)
