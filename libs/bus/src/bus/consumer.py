"""The runner of one group: poll → decode → effect and inbox in one transaction → commit the database → then the offset.

The database's positions are the truth, Kafka's committed offsets are for tools. Whatever happens to this process or to
its partitions, a batch is applied from where the positions say, or dropped.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

import structlog

from bus import dead_letter, holds
from bus.dead_letter import Box
from bus.kafka import Kafka, Member, Partition
from bus.numbers import Number, number
from bus.places import Places
from bus.runner import Runner
from bus.subscriptions import Listener, Read, Source, Subscription, on, source, together
from bus.transient import transient
from kit.database import Sessions

__all__ = ["Consumer", "Listener", "Read", "Source", "Subscription", "on", "source", "together"]

log = structlog.get_logger()
W = TypeVar("W")
T = TypeVar("T")

MOST_RECORDS = 4000
POLL_S = 0.5


class Consumer(Generic[W]):
    """One worker's member of a group. The engine behind `sessions` is the worker role's."""

    def __init__(  # noqa: PLR0913 — each is a fact of the process
        self,
        service: str,
        listener: Listener[W],
        sessions: Sessions,
        kafka: Kafka,
        *,
        dead_letter_limit: int = dead_letter.LIMIT,
        most_records: int = MOST_RECORDS,
    ) -> None:
        self._service, self._listener, self._sessions, self._kafka = service, listener, sessions, kafka
        self._limit, self._most = dead_letter_limit, most_records
        self._member: Member | None = None

    @property
    def assigned(self) -> set[Partition]:
        """What Kafka has given this worker to read."""
        return self._member.assigned() if self._member else set()

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop`, finish the batch in hand, and leave. Raises what ends the process."""
        if await holds.give_up(self._check_topics(), stop, grace_s=0):
            return
        places = Places(self._sessions, self._kafka, self._listener.group)
        async with (
            number(self._sessions.engine, self._service) as held,
            self._kafka.producer() as producer,
            self._kafka.member(self._listener.group, held.instance, self._listener.readers, places.revoked) as member,
        ):
            self._member = member
            box = Box(self._sessions, producer, self._service, self._listener.group, self._limit)
            runner = Runner(self._listener, self._sessions, places, box)
            log.info("consuming", group=self._listener.group, instance=held.instance)
            await self._guarded(held, self._loop(member, places, runner, stop), stop)

    async def _check_topics(self) -> None:
        group = self._listener.group
        names = [name for topic in self._listener.readers for name in (topic, dead_letter.topic_name(topic, group))]
        await self._kafka.existing(names)

    async def _guarded(self, held: Number, work: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
        """Do the work for as long as the number is ours."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(held.watch(stop))
                tasks.create_task(work)
        except BaseExceptionGroup as several:
            for other in several.exceptions[1:]:
                log.exception("and another fault at the same time", group=self._listener.group, exc_info=other)
            raise several.exceptions[0] from None

    async def _loop(self, member: Member, places: Places, runner: Runner[W], stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                runner.owe(await _unless(stop, places.seat(member)) or ())
            except Exception as error:
                if not transient(error):
                    raise
                log.warning("cannot look up positions yet", exc_info=error)
                await holds.first(stop, wait_s=POLL_S)
                continue
            polled = await _unless(stop, member.poll(self._most, POLL_S))
            records = places.mine(polled or {})
            if records:
                await runner.take(member, records, stop)
            await runner.commit(member)


async def _unless(stop: asyncio.Event, waiting: Coroutine[Any, Any, T]) -> T | None:
    """Await it, or give it up at `stop`."""
    task, stopped = asyncio.ensure_future(waiting), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        task.cancel()
        stopped.cancel()
        await asyncio.wait((task,))
