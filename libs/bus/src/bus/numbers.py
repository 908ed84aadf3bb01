"""A worker's number: the first free of 0…n of its service; under it Kafka knows a killed worker again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from bus import holds
from bus.errors import CannotStart

MOST_WORKERS = 64


@dataclass(frozen=True, slots=True)
class Number:
    """Held while its connection lives; whoever waits for `lost` must end with it."""

    service: str
    value: int
    connection: asyncpg.Connection

    @property
    def instance(self) -> str:
        return f"{self.service}-{self.value}"

    async def watch(self, stop: asyncio.Event) -> None:
        """Return at `stop`. Raises HoldLost when the number may be another's."""
        await holds.watch(self.connection, stop)


@asynccontextmanager
async def number(engine: AsyncEngine, service: str) -> AsyncIterator[Number]:
    """Hold the service's first free number."""
    async with holds.direct(engine) as connection:
        for value in range(MOST_WORKERS):
            if await holds.try_hold(connection, f"bus worker {service} {value}"):
                yield Number(service, value, connection)
                return
        raise CannotStart(f"{service} already has {MOST_WORKERS} workers")
