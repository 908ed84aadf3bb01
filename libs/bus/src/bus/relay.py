"""Pending → Kafka: one active relay per service, in id order; a second one stands by.

Lock, LISTEN and deletes share one direct connection: who loses it can neither send twice unnoticed nor delete.
"""

import asyncio
import datetime
import time
from collections.abc import Sequence

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bus import codec, holds, metrics
from bus.errors import HoldLost
from bus.kafka import Kafka, Producer
from bus.relay_log import RelayLog

log = structlog.get_logger()

BATCH = 1000
POLL_S = 1.0
"""The notification only wakes; this poll is the truth."""


class Relay:
    """Sends what one service's database holds. The engine is the worker role's."""

    def __init__(self, engine: AsyncEngine, service: str, kafka: Kafka) -> None:
        self._engine, self._service, self._kafka = engine, service, kafka
        self._wake = asyncio.Event()
        self._counted = 0.0
        self.held = False

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop`. Raises SendFailed, LogLost or HoldLost, and then the process must end."""
        metrics.RELAY_HELD.labels(self._service).set(0)
        try:
            async with holds.direct(self._engine) as connection:
                if await self._stand_by(connection, stop):
                    await self._relay(connection, stop)
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
            raise HoldLost("the connection that holds the relay's lock is gone") from error
        finally:
            self.held = False
            metrics.RELAY_HELD.labels(self._service).set(0)

    async def _stand_by(self, connection: asyncpg.Connection, stop: asyncio.Event) -> bool:
        while not stop.is_set():
            if await holds.try_hold(connection, lock_name(self._service)):
                return True
            await holds.first(stop, wait_s=POLL_S)
        return False

    async def _relay(self, connection: asyncpg.Connection, stop: asyncio.Event) -> None:
        channel = f"{await connection.fetchval('SELECT current_schema()')}_pending"
        await connection.add_listener(channel, lambda *_: self._wake.set())
        memory = await RelayLog.remembered(connection)
        await memory.compare(self._kafka, self._service)
        async with self._kafka.producer() as producer:
            self.held = True
            metrics.RELAY_HELD.labels(self._service).set(1)
            log.info("relay holds the lock", relay=self._service)
            while not stop.is_set():
                self._wake.clear()
                if not await self._send_some(connection, producer, memory):
                    await holds.first(stop, self._wake, wait_s=POLL_S)

    async def _send_some(self, connection: asyncpg.Connection, producer: Producer, memory: RelayLog) -> int:
        """Send the oldest of what is pending, then forget it."""
        ids = [row["id"] for row in await connection.fetch(_OLDEST, BATCH, timeout=holds.PATIENCE_S)]
        rows = await connection.fetch(_EVENTS, ids) if ids else []
        await self._count(connection, rows)
        sent = await producer.send(
            [
                codec.outgoing(row["topic"], row["key"], row["type"], row["value"])
                for row in rows
                if row["value"] is not None
            ]
        )
        if ids:
            await memory.acknowledge(connection, self._service, sent, ids)
            metrics.SENT.labels(self._service).inc(len(sent))
        return len(ids)

    async def _count(self, connection: asyncpg.Connection, rows: Sequence[asyncpg.Record]) -> None:
        """Keep the metrics true to a second or so: counting a long backlog at each batch costs more than sending."""
        age = (datetime.datetime.now(datetime.UTC) - rows[0]["recorded_at"]).total_seconds() if rows else 0.0
        metrics.UNSENT_AGE.labels(self._service).set(max(age, 0.0))
        if time.monotonic() - self._counted >= POLL_S or not rows:
            metrics.UNSENT.labels(self._service).set(await connection.fetchval("SELECT count(*) FROM pending"))
            self._counted = time.monotonic()


def lock_name(service: str) -> str:
    return f"bus relay {service}"


# Two statements: joined, a planner with old statistics could read the whole journal.
_OLDEST = "SELECT id FROM pending ORDER BY id LIMIT $1"
_EVENTS = "SELECT id, topic, key, type, value, recorded_at FROM journal WHERE id = ANY($1::bigint[]) ORDER BY id"
