"""What an operator does with dead letters: look, replay to the group's own handler, or discard. Never to the topic."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bus import attempts, dead_letter
from bus.batches import Decoder
from bus.effects import Effects, enter
from bus.errors import InvalidEvent
from bus.kafka import Kafka, Record
from bus.subscriptions import Listener
from kit.database import Sessions

W = TypeVar("W")


class CannotSettle(Exception):
    """There is no such letter, or nothing can be done with it; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter as the database knows it."""

    id: str
    topic: str
    partition: int
    offset: int
    event_id: str | None
    handler: str
    reason: str
    diverted_at: datetime.datetime
    state: str
    settled_by: str | None


class Letters(Generic[W]):
    """One group's dead letters. The engine is the worker role's."""

    def __init__(self, listener: Listener[W], sessions: Sessions, kafka: Kafka) -> None:
        self._group, self._sessions, self._kafka = listener.group, sessions, kafka
        self._decoder = Decoder(listener.readers)
        self._effects = Effects(listener.group, listener.subscriptions, listener.make_work, sessions)

    async def list(self, *, settled: bool = False) -> Sequence[Letter]:
        """Return the open ones, or all, oldest first."""
        async with self._sessions.begin(None) as session:
            rows = await session.execute(text(_LIST), {"group_name": self._group, "settled": settled})
            return [_letter(row) for row in rows]

    async def show(self, letter_id: str) -> tuple[Letter, Record | None]:
        """Return a letter and the record as it stood on its own topic, if Kafka still has it."""
        async with self._sessions.begin(None) as session:
            letter = await self._get(session, letter_id)
        return letter, await self._record(letter)

    async def replay(self, letter_id: str, by: str) -> bool:
        """Hand the original bytes to the handler; False: the event had been applied meanwhile.

        Raises CannotSettle, InvalidEvent, or what the handler raises; then the letter stays open.
        """
        letter, record = await self.show(letter_id)
        if record is None:
            raise CannotSettle(f"Kafka no longer has the bytes of {letter_id}; if the event comes again, it is applied")
        batch = self._decoder.batch([record], {})
        if batch.faults:
            raise InvalidEvent(batch.faults[0].reason)
        if not batch.events:
            raise CannotSettle("this release does not know its type; replay it with one that does")
        async with self._sessions.begin(None) as session:
            await self._take(session, letter_id)
            new = await self._effects.handle(session, batch.events)
            await self._settle(session, letter, "replayed", by)
        return bool(new)

    async def discard(self, letter_id: str, by: str) -> None:
        """Settle a letter without effect: the event counts as applied, should it ever come again."""
        async with self._sessions.begin(None) as session:
            letter = await self._take(session, letter_id)
            if letter.event_id:
                await enter(session, self._group, [letter.event_id])
            await self._settle(session, letter, "discarded", by)

    async def _record(self, letter: Letter) -> Record | None:
        """Find the bytes; sent twice, they are the same."""
        name = dead_letter.topic_name(letter.topic, self._group)
        partitions = (await self._kafka.partitions([name])).get(name, [])
        async with self._kafka.reader() as reader:
            found = [record for each in partitions for record in await reader.all(each)]
        mine = [record for record in found if dead_letter.letter_id(record.headers) == letter.id]
        return dead_letter.original(mine[0]) if mine else None

    async def _get(self, session: AsyncSession, letter_id: str, *, lock: bool = False) -> Letter:
        found = await session.execute(text(_LOCK if lock else _GET), {"group_name": self._group, "id": letter_id})
        row = found.one_or_none()
        if row is None:
            raise CannotSettle(f"{self._group} has no dead letter {letter_id}")
        return _letter(row)

    async def _take(self, session: AsyncSession, letter_id: str) -> Letter:
        """Lock an open letter, so that two operators cannot settle it."""
        letter = await self._get(session, letter_id, lock=True)
        if letter.state != "open":
            raise CannotSettle(f"{letter_id} was already {letter.state} by {letter.settled_by}")
        return letter

    async def _settle(self, session: AsyncSession, letter: Letter, state: str, by: str) -> None:
        row = {"group_name": self._group, "id": letter.id, "state": state, "by": by}
        await session.execute(text(_SETTLE), row)
        if letter.event_id:
            await attempts.forget(session, self._group, [letter.event_id])


def _letter(row: Any) -> Letter:
    return Letter(*row)


_COLUMNS = """
SELECT id, topic, partition, "offset", CAST(event_id AS text), handler, reason, diverted_at, state, settled_by
FROM dead_letters WHERE group_name = :group_name
"""
_LIST = f"{_COLUMNS} AND (:settled OR state = 'open') ORDER BY diverted_at, id"
_GET = f"{_COLUMNS} AND id = :id"
_LOCK = f"{_GET} FOR UPDATE"
_SETTLE = """
UPDATE dead_letters SET state = :state, settled_by = :by, settled_at = now() WHERE group_name = :group_name AND id = :id
"""
