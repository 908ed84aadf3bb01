"""For the services' tests: events without Kafka, through the same inbox and the same handlers as in a worker."""

from typing import Generic, TypeVar

from sqlalchemy import text

from bus.batches import Decoder
from bus.codec import outgoing
from bus.effects import Effects
from bus.errors import InvalidEvent
from bus.kafka import Record
from bus.subscriptions import Listener
from contracts.catalogue import Topic, topic_named
from contracts.envelope import Envelope, decode, encode
from kit.database import Sessions

W = TypeVar("W")
Published = tuple[Topic, Envelope]


class Deliveries(Generic[W]):
    """Delivers events to one group, one batch and one transaction a call. The engine is the worker role's."""

    def __init__(self, listener: Listener[W], sessions: Sessions) -> None:
        self._group, self._sessions = listener.group, sessions
        self._decoder = Decoder(listener.readers)
        self._effects = Effects(listener.group, listener.subscriptions, listener.make_work, sessions)

    async def deliver(self, *events: Published) -> int:
        """Apply the events; return how many the inbox did not have. Raises InvalidEvent or what a handler raises."""
        batch = self._decoder.batch([_record(topic, event) for topic, event in events], {})
        if batch.faults:
            raise InvalidEvent(batch.faults[0].reason)
        return len(await self._effects.apply(batch))

    async def deliver_twice(self, *events: Published) -> None:
        """Apply them, then each once more as if the inbox had never seen it: a handler must survive that by itself."""
        await self.deliver(*events)
        for event in events:
            await self._forget(event[1].id)
            await self.deliver(event)

    async def _forget(self, event_id: str) -> None:
        async with self._sessions.begin(None) as session:
            statement = text("DELETE FROM inbox WHERE group_name = :group_name AND event_id = CAST(:id AS uuid)")
            await session.execute(statement, {"group_name": self._group, "id": event_id})


async def drain(sessions: Sessions) -> list[Published]:
    """Take what a database has published and not yet sent, in the relay's order. The engine is the worker role's."""
    async with sessions.begin(None) as session:
        ids = list(await session.scalars(text("DELETE FROM pending RETURNING id")))
        found = await session.execute(
            text("SELECT topic, value FROM journal WHERE id = ANY(:ids) ORDER BY id"), {"ids": ids}
        )
        return [(topic_named(row.topic), decode(row.value)) for row in found]


def _record(topic: Topic, event: Envelope) -> Record:
    key, type_ = topic.key_of(event), event.type
    sent = outgoing(topic.name, key, type_, encode(event))
    return Record(topic.name, 0, 0, 0, sent.key, sent.value, sent.headers)
