"""Setting aside what can never be applied: bytes and origin to Kafka, a row to settle to the database.

Kafka first, then the row together with the position: dying between the two sends the same letter, same id, again.
"""

import hashlib
from collections.abc import Sequence

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bus import metrics
from bus.batches import Fault
from bus.codec import header
from bus.errors import Crashed, DeadLetterLimitReached
from bus.kafka import Headers, Outgoing, Producer, Record
from kit.database import Sessions

log = structlog.get_logger()

LIMIT = 100
_MARK = "dead-letter-"


class Box:
    """Where one group puts its dead letters."""

    def __init__(self, sessions: Sessions, producer: Producer, service: str, group: str, limit: int) -> None:
        self._sessions, self._producer, self._service, self._group = sessions, producer, service, group
        self._limit = limit
        self._sent: set[str] = set()

    async def send(self, faults: Sequence[Fault]) -> None:
        """Send the letters that were not sent yet. Raises DeadLetterLimitReached before the first that is too many."""
        new = [fault for fault in faults if identity(fault.record) not in self._sent]
        if known := await self._known(new):
            new = [fault for fault in new if fault.event_id not in known]
        if not new:
            return
        await self._check(new)
        await self._producer.send([self._letter(fault) for fault in new])
        self._sent |= {identity(fault.record) for fault in new}
        for fault in new:
            self._tell(fault)

    async def _known(self, faults: Sequence[Fault]) -> set[str]:
        """Return the events that were applied or set aside before: a republish brings them back at another place."""
        ids = [fault.event_id for fault in faults if fault.event_id]
        if not ids:
            return set()
        async with self._sessions.begin(None) as session:
            return set(await session.scalars(text(_KNOWN), {"group_name": self._group, "ids": ids}))

    async def _check(self, faults: Sequence[Fault]) -> None:
        ids = [identity(fault.record) for fault in faults]
        async with self._sessions.begin(None) as session:
            others = await session.scalar(text(_OPEN), {"group_name": self._group, "ids": ids})
        if int(others or 0) + len(set(ids)) > self._limit:
            raise DeadLetterLimitReached(self._refusal(faults[0]))

    def _refusal(self, fault: Fault) -> str:
        return (
            f"{self._group} would have more than {self._limit} open dead letters; the next is {_place(fault.record)} "
            f"({fault.word}: {fault.reason}). Nothing was skipped. Mend the handler and start again, "
            f"or settle the open ones with `{self._service} dead-letters`."
        )

    def _letter(self, fault: Fault) -> Outgoing:
        told = {
            "id": identity(fault.record),
            "topic": fault.record.topic,
            "partition": str(fault.record.partition),
            "offset": str(fault.record.offset),
            "timestamp": str(fault.record.timestamp),
            "group": self._group,
            "handler": fault.handler,
            "word": fault.word,
            "reason": fault.reason,
        }
        headers = [(_MARK + name, value.encode()) for name, value in told.items()]
        topic = topic_name(fault.record.topic, self._group)
        return Outgoing(topic, fault.record.key, fault.record.value, [*fault.record.headers, *headers])

    def _tell(self, fault: Fault) -> None:
        metrics.DEAD_LETTERS.labels(self._group, fault.word).inc()
        alert = fault.word == Crashed.__name__
        say = log.critical if alert else log.error
        say(
            "an event was set aside",
            alert=alert,
            group=self._group,
            dead_letter=identity(fault.record),
            word=fault.word,
            reason=fault.reason,
            handler=fault.handler,
            place=_place(fault.record),
            event_id=fault.event_id,
        )


def topic_name(topic: str, group: str) -> str:
    return f"{topic}.dlq.{group}"


def identity(record: Record) -> str:
    """Name a dead letter by where it was and what it is; the same one sent twice has the same name."""
    where = f"{record.topic} {record.partition} {record.offset} {record.timestamp} ".encode()
    return hashlib.blake2b(where + (record.key or b"") + b" " + (record.value or b""), digest_size=8).hexdigest()


def original(letter: Record) -> Record:
    """Give back the record as it stood on its own topic."""
    own = tuple((name, value) for name, value in letter.headers if not name.startswith(_MARK))
    told = {name: value.decode(errors="replace") for name, value in letter.headers if name.startswith(_MARK)}
    place = {name: int(told[_MARK + name]) for name in ("partition", "offset", "timestamp")}
    return Record(topic=told[_MARK + "topic"], key=letter.key, value=letter.value, headers=own, **place)


def letter_id(headers: Headers) -> str | None:
    return header(headers, f"{_MARK}id")


async def record(session: AsyncSession, group: str, faults: Sequence[Fault]) -> None:
    """Enter dead letters, in the transaction that moves the position behind them; one for an event, wherever it was."""
    for fault in faults:
        row = {
            "group_name": group,
            "id": identity(fault.record),
            "topic": fault.record.topic,
            "partition": fault.record.partition,
            "offset": fault.record.offset,
            "event_id": fault.event_id,
            "handler": fault.handler,
            "reason": f"{fault.word}: {fault.reason}",
        }
        await session.execute(text(_RECORD), row)


def _place(record: Record) -> str:
    return f"{record.topic}/{record.partition}@{record.offset}"


_OPEN = """
SELECT count(*) FROM dead_letters
WHERE group_name = :group_name AND state = 'open' AND id <> ALL(CAST(:ids AS text[]))
"""
_KNOWN = """
SELECT CAST(event_id AS text) FROM inbox WHERE group_name = :group_name AND event_id = ANY(CAST(:ids AS uuid[]))
UNION SELECT CAST(event_id AS text) FROM dead_letters
WHERE group_name = :group_name AND event_id = ANY(CAST(:ids AS uuid[]))
"""
_RECORD = """
INSERT INTO dead_letters (group_name, id, topic, partition, "offset", event_id, handler, reason)
SELECT :group_name, :id, :topic, :partition, :offset, CAST(:event_id AS uuid), :handler, :reason
WHERE NOT EXISTS (SELECT FROM inbox WHERE group_name = :group_name AND event_id = CAST(:event_id AS uuid))
    AND NOT EXISTS (SELECT FROM dead_letters WHERE group_name = :group_name AND event_id = CAST(:event_id AS uuid))
ON CONFLICT DO NOTHING
"""
