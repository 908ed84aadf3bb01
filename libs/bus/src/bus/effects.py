"""One batch, one transaction: positions, inbox, the handlers' effects, what was set aside. All of it or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bus import attempts, dead_letter, positions
from bus.batches import Batch, Event
from bus.subscriptions import Read, Subscription
from kit.database import Sessions

W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Effects(Generic[W]):
    """Applies batches for one group."""

    group: str
    subscriptions: Sequence[Subscription[W]]
    make_work: Callable[[AsyncSession], W]
    sessions: Sessions

    async def apply(self, batch: Batch[W], *, alone: bool = False, suspected: bool = False) -> list[Event[W]]:
        """Commit the batch and return the events that were new. Raises Overtaken, or whatever a handler raises."""
        async with self.sessions.begin(None) as session:
            if batch.spans:
                await positions.lock(session, self.group, batch.spans)
            new = await self.handle(session, batch.events)
            await dead_letter.record(session, self.group, batch.faults)
            if alone:
                await attempts.forget(session, self.group, batch.ids())
            if batch.spans:
                await positions.advance(session, self.group, batch.spans, suspected=suspected)
        return new

    async def handle(self, session: AsyncSession, events: Sequence[Event[W]]) -> list[Event[W]]:
        """Enter the events in the inbox, hand the new ones to their handlers, and return them."""
        fresh = await enter(session, self.group, [event.read.envelope.id for event in events])
        new: list[Event[W]] = []
        for event in events:
            if event.read.envelope.id in fresh:
                fresh.remove(event.read.envelope.id)
                new.append(event)
        work = self.make_work(session)
        for subscription in self.subscriptions:
            reads: list[Read[Any]] = [event.read for event in new if event.subscription is subscription]
            if reads:
                await subscription.apply(work, reads)
        return new


async def enter(session: AsyncSession, group: str, ids: Sequence[str]) -> set[str]:
    """Enter ids in the inbox and return the new ones; sorted, so that two workers cannot lock crosswise."""
    if not ids:
        return set()
    return set(await session.scalar(text(_ENTER), {"group_name": group, "ids": sorted(set(ids))}) or ())


_ENTER = """
WITH new AS (
    INSERT INTO inbox (group_name, event_id)
    SELECT :group_name, id FROM unnest(CAST(:ids AS uuid[])) AS given (id)
    ON CONFLICT DO NOTHING
    RETURNING event_id
)
SELECT array_agg(CAST(event_id AS text)) FROM new
"""
