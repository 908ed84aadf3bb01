"""Pending → Kafka: one active relay per service, in id order; a second one stands by.

Lock, LISTEN and deletes share one direct connection: who loses it can neither send twice unnoticed nor delete.
"""

import asyncio

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bus import codec, holds, metrics
from bus.backlog import Backlog
from bus.errors import HoldLost
from bus.kafka import Kafka, Producer
from bus.relay_log import RelayLog

log = structlog.get_logger()

BATCH = 1000
POLL_S = 1.0
"""The notification only wakes; this poll is the truth."""
GRACE_S = 3.0
"""So long may a batch in hand take after SIGTERM; what Kafka has by then and did not say is sent again."""


class Relay:
    """Sends what one service's database holds. The engine is the worker role's."""

    def __init__(self, engine: AsyncEngine, service: str, kafka: Kafka) -> None:
        self._engine, self._service, self._kafka = engine, service, kafka
        self._wake = asyncio.Event()
        self._backlog = Backlog(engine, service)
        self.held = False

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop`. Raises SendFailed, LogLost or HoldLost, and then the process must end."""
        metrics.RELAY_HELD.labels(self._service).set(0)
        try:
            async with holds.direct(self._engine) as connection:
                if await self._stand_by(connection, stop):
                    async with self._backlog.counted():
                        if await holds.give_up(self._relay(connection, stop), stop, GRACE_S):
                            log.warning("Kafka did not answer in time; the next relay goes on", relay=self._service)
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
        channel = f"{await connection.fetchval('SELECT current_schema()', timeout=holds.PATIENCE_S)}_pending"
        async with asyncio.timeout(holds.PATIENCE_S):
            await connection.add_listener(channel, lambda *_: self._wake.set())
        memory = await RelayLog.remembered(connection)
        await memory.compare(self._kafka, self._service)
        async with self._kafka.producer() as producer:
            self.held = True
            metrics.RELAY_HELD.labels(self._service).set(1)
            log.info("relay holds the lock", relay=self._service)
            while not stop.is_set():
                self._wake.clear()
                taken, _ = await send_oldest(connection, producer, memory, self._service)
                if not taken:
                    await holds.first(stop, self._wake, wait_s=POLL_S)


async def send_oldest(
    connection: asyncpg.Connection, producer: Producer, memory: RelayLog, service: str
) -> tuple[int, int]:
    """Send the oldest of what is pending, then forget it. Return how many were taken, and how many of them sent."""
    ids = [row["id"] for row in await connection.fetch(_OLDEST, BATCH, timeout=holds.PATIENCE_S)]
    if not ids:
        return 0, 0
    rows = await connection.fetch(_EVENTS, ids, timeout=holds.PATIENCE_S)
    # An erasure blanks a row's value: it keeps its place in the journal and is sent no more.
    whole = [row for row in rows if row["value"] is not None]
    sent = await producer.send([codec.outgoing(row["topic"], row["key"], row["type"], row["value"]) for row in whole])
    await memory.acknowledge(connection, service, sent, ids)
    metrics.SENT.labels(service).inc(len(sent))
    return len(ids), len(sent)


def lock_name(service: str) -> str:
    return f"bus relay {service}"


# Two statements: joined, a planner with old statistics could read the whole journal.
_OLDEST = "SELECT id FROM pending ORDER BY id LIMIT $1"
_EVENTS = "SELECT topic, key, type, value FROM journal WHERE id = ANY($1::bigint[]) ORDER BY id"
