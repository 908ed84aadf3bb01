"""What is committed and not yet sent, counted by itself: it matters most while nothing can be sent."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bus import holds, metrics

log = structlog.get_logger()

EVERY_S = 1.0
"""Counting a long backlog at each batch would cost more than sending it."""


class Backlog:
    """Keeps the relay's two gauges. The age grows by itself from one count to the next."""

    def __init__(self, engine: AsyncEngine, service: str) -> None:
        self._engine, self._service = engine, service
        self._born: float | None = None

    @asynccontextmanager
    async def counted(self) -> AsyncIterator[None]:
        """Count once at once, and then again and again beside what is done inside."""
        metrics.UNSENT_AGE.labels(self._service).set_function(self._age)
        await self._count()
        counting = asyncio.create_task(self._go_on())
        try:
            yield
        finally:
            await _ended(counting)
            self._tell(0, None)

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await self._count()

    async def _count(self) -> None:
        try:
            async with asyncio.timeout(holds.PATIENCE_S), self._engine.connect() as connection:
                count, age = (await connection.execute(text(_COUNT))).one()
        except (OSError, SQLAlchemyError) as error:
            log.warning("cannot count what is unsent", relay=self._service, exc_info=error)
        else:
            self._tell(count, age)

    def _tell(self, count: int, age: float | None) -> None:
        metrics.UNSENT.labels(self._service).set(count)
        self._born = None if age is None else time.monotonic() - age

    def _age(self) -> float:
        return 0.0 if self._born is None else max(time.monotonic() - self._born, 0.0)


_COUNT = """
SELECT count(*), CAST((
    SELECT extract(epoch FROM clock_timestamp() - recorded_at) FROM journal WHERE id = (SELECT min(id) FROM pending)
) AS double precision)
FROM pending
"""


async def _ended(task: "asyncio.Task[None]") -> None:
    """Cancel it until it is done: a driver that is connecting may swallow one cancellation, and then it never ends."""
    while not task.done():
        task.cancel()
        await asyncio.wait((task,), timeout=1)
