"""What a batch becomes when its handler fails: smaller, until the event at fault stands alone and is counted."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, Protocol, TypeVar

import structlog

from bus.attempts import MOST, Attempts
from bus.batches import Decoder, Fault
from bus.errors import Crashed, DeadLetterLimitReached, InvalidEvent, Overtaken
from bus.kafka import Record
from bus.transient import transient
from contracts.envelope import Envelope
from kit.logs import where

log = structlog.get_logger()
W = TypeVar("W")

PAUSE_S = 0.05
"""Before an event is tried alone once more; what it waits for may be another worker's commit."""


class Apply(Protocol):
    """Commits a batch of these records, or raises; `alone` says that they were counted as tried alone."""

    async def __call__(self, records: Sequence[Record], *, alone: bool = False) -> None: ...


class Retries(Generic[W]):
    """Finds the events at fault; `divert` sets one aside."""

    def __init__(
        self,
        decoder: Decoder[W],
        attempts: Attempts,
        apply: Apply,
        divert: Callable[[Fault], Awaitable[None]],
    ) -> None:
        self._decoder, self._attempts, self._apply, self._divert = decoder, attempts, apply, divert

    async def halves(self, records: Sequence[Record], stop: asyncio.Event) -> None:
        """Apply what failed as a whole in halves, and halves of halves, each in its own transaction."""
        if len(records) == 1:
            await self.alone(records[0])
            return
        middle = len(records) // 2
        for half in (records[:middle], records[middle:]):
            if stop.is_set():
                return
            try:
                await self._apply(half)
            except Exception as error:  # noqa: BLE001 — whatever it is, one of these events brings it
                raise_if_not_its_own(error)
                await self.halves(half, stop)

    async def alone(self, record: Record) -> None:
        """Try one record until it is applied, set aside, or put off by a passing fault."""
        envelope = self._envelope(record)
        if envelope is None:
            await self._apply([record])
            return
        with structlog.contextvars.bound_contextvars(event_id=envelope.id, county=envelope.county):
            await self._try(record, envelope.id)

    async def _try(self, record: Record, event_id: str) -> None:
        last = "ended its process"
        while await self._attempts.count(event_id) <= MOST:
            try:
                await self._apply([record], alone=True)
            except InvalidEvent as error:
                await self._divert(self._fault(record, event_id, InvalidEvent, str(error)))
            except Exception as error:
                if transient(error):
                    self._attempts.owe(event_id)
                raise_if_not_its_own(error)
                log.exception("an event failed alone", handler=self._decoder.handler(record))
                last = f"{type(error).__name__} in {where(error)[-1]}"
                await asyncio.sleep(PAUSE_S)
                continue
            return
        await self._divert(self._fault(record, event_id, Crashed, f"failed {MOST} times alone: {last}"))

    def _envelope(self, record: Record) -> Envelope | None:
        """Return the envelope of an event that a handler will get; None: nothing can fail with it."""
        try:
            return self._decoder.envelope(record)
        except InvalidEvent:
            return None

    def _fault(self, record: Record, event_id: str, word: type[Exception], reason: str) -> Fault:
        return Fault(record, self._decoder.handler(record), word.__name__, reason, event_id)


def raise_if_not_its_own(error: Exception) -> None:
    """Raise again what no event is to blame for."""
    if isinstance(error, (Overtaken, DeadLetterLimitReached)) or transient(error):
        raise error
