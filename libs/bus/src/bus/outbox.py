"""The only way to publish: a journal row in the transaction that makes the change. The relay does the sending."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bus.codec import fault
from bus.errors import CannotPublish
from bus.tables import BusTables
from contracts.catalogue import TOPICS, Topic
from contracts.envelope import Envelope, encode

MAX_VALUE_BYTES = 512 * 1024


class Outbox:
    """Adds events to the journal of the service that owns their topics, within one session's transaction."""

    def __init__(self, session: AsyncSession, tables: BusTables, owner: str) -> None:
        self._session, self._owner = session, owner
        self._insert = text(_INSERT.format(journal=tables.journal.name, pending=tables.pending.name))

    async def add(self, *events: tuple[Topic, Envelope]) -> None:
        """Publish, in this order, when the transaction commits. Raises CannotPublish for what the catalogue forbids."""
        rows = [self._row(topic, envelope) for topic, envelope in events]
        if rows:
            await self._session.execute(self._insert, _columns(rows))

    def _row(self, topic: Topic, envelope: Envelope) -> "_Row":
        if topic not in TOPICS:
            raise CannotPublish(f"{topic.name} is not in the catalogue")
        if topic.owner != self._owner:
            raise CannotPublish(f"{topic.name} belongs to {topic.owner}, not to {self._owner}")
        try:
            key, value = topic.key_of(envelope), encode(envelope)
            topic.shape(envelope.type).model_validate_json(orjson.dumps(envelope.data))
        except ValueError as error:
            why = fault(error) if isinstance(error, ValidationError) else str(error)
            raise CannotPublish(f"{envelope.type} cannot go on {topic.name}: {why}") from error
        if len(value) > MAX_VALUE_BYTES:
            raise CannotPublish(
                f"{envelope.type} of {envelope.subject} has {len(value)} bytes; {MAX_VALUE_BYTES} are allowed"
            )
        return _Row(topic.name, key, envelope, value)


@dataclass(frozen=True, slots=True)
class _Row:
    topic: str
    key: str
    envelope: Envelope
    value: bytes


# One statement: ids are given in the order of the list, and no journal row can miss its pending row.
_INSERT = """
WITH written AS (
    INSERT INTO {journal} (county, topic, key, subject, aggregateversion, type, value)
    SELECT county, topic, key, subject, aggregateversion, type, value
    FROM unnest(
        CAST(:county AS text[]), CAST(:topic AS text[]), CAST(:key AS text[]), CAST(:subject AS text[]),
        CAST(:aggregateversion AS bigint[]), CAST(:type AS text[]), CAST(:value AS bytea[])
    ) WITH ORDINALITY AS rows (county, topic, key, subject, aggregateversion, type, value, place)
    ORDER BY place
    RETURNING id
)
INSERT INTO {pending} (id) SELECT id FROM written
"""


def _columns(rows: Sequence[_Row]) -> dict[str, list[object]]:
    return {
        "county": [row.envelope.county for row in rows],
        "topic": [row.topic for row in rows],
        "key": [row.key for row in rows],
        "subject": [row.envelope.subject for row in rows],
        "aggregateversion": [row.envelope.aggregateversion for row in rows],
        "type": [row.envelope.type for row in rows],
        "value": [row.value for row in rows],
    }
