"""How often an event was tried alone: counted before the attempt, in a transaction of its own."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import Sessions

MOST = 3


class Attempts:
    """The counts of one group. What a passing fault counted wrongly is owed back, though the database be away."""

    def __init__(self, sessions: Sessions, group: str) -> None:
        self._sessions, self._group = sessions, group
        self._owed: dict[str, int] = {}

    async def count(self, event_id: str) -> int:
        """Count one more and return the sum."""
        more = 1 - self._owed.get(event_id, 0)
        async with self._sessions.begin(None) as session:
            counted = await session.scalar(text(_COUNT), {"group_name": self._group, "id": event_id, "more": more})
        self._owed.pop(event_id, None)
        return int(counted or 0)

    def owe(self, event_id: str) -> None:
        """Take the last count back when the next one is made: the fault was not the event's."""
        self._owed[event_id] = self._owed.get(event_id, 0) + 1


async def forget(session: AsyncSession, group: str, ids: Sequence[str]) -> None:
    """Forget the counts of events that were applied or set aside."""
    await session.execute(text(_FORGET), {"group_name": group, "ids": list(ids)})


_COUNT = """
INSERT INTO attempts (group_name, event_id, count) VALUES (:group_name, CAST(:id AS uuid), :more)
ON CONFLICT (group_name, event_id) DO UPDATE SET count = attempts.count + excluded.count
RETURNING count
"""
_FORGET = "DELETE FROM attempts WHERE group_name = :group_name AND event_id = ANY(CAST(:ids AS uuid[]))"
