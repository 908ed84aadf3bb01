"""Advisory locks that live exactly as long as a direct connection: who holds one is the only one, until it dies.

The server itself looks whether the other end is still there (TCP keepalives, 25 s), so that the lock of a host that
vanished is freed without anybody's help.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from bus.errors import HoldLost

_WATCHFUL = """
SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
SET tcp_user_timeout = 20000; SET statement_timeout = 0; SET idle_session_timeout = 0
"""
PATIENCE_S = 20
"""How long a server may leave a question on the direct connection unanswered."""


@asynccontextmanager
async def direct(engine: AsyncEngine) -> AsyncIterator[asyncpg.Connection]:
    """Open a connection outside the pool, which the server watches. Raises TimeoutError if it does not answer."""
    async with asyncio.timeout(PATIENCE_S):
        pooled = await engine.raw_connection()
    connection: asyncpg.Connection = pooled.driver_connection
    pooled.detach()
    try:
        await connection.execute(_WATCHFUL, timeout=PATIENCE_S)
        yield connection
    finally:
        connection.terminate()


async def try_hold(connection: asyncpg.Connection, name: str) -> bool:
    """Take the lock of this name if it is free."""
    return bool(await connection.fetchval(_TRY, name, timeout=PATIENCE_S))


_TRY = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"


async def watch(connection: asyncpg.Connection, stop: asyncio.Event, every_s: float = 5) -> None:
    """Look after a connection that is otherwise silent, until `stop`. Raises HoldLost as soon as it is gone."""
    gone = asyncio.Event()
    connection.add_termination_listener(lambda _: gone.set())
    while not stop.is_set():
        try:
            await connection.fetchval("SELECT 1", timeout=PATIENCE_S)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise HoldLost("the connection that holds this worker's number is gone") from error
        await first(stop, gone, wait_s=every_s)


async def first(*events: asyncio.Event, wait_s: float) -> None:
    """Wait for whichever event comes first, but no longer than this."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def give_up(work: Coroutine[Any, Any, None], stop: asyncio.Event, grace_s: float) -> bool:
    """Do the work, but at `stop` wait no longer than the grace for its end. Say whether it was given up."""
    task = asyncio.ensure_future(work)
    stopped = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            await asyncio.wait((task,), timeout=grace_s)
        if task.done():
            await task
            return False
        return True
    finally:
        stopped.cancel()
        task.cancel()
        await asyncio.wait((task,))
