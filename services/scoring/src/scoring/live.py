"""The stream's process: one of its kind, with its server, its looks at the ledger, and a watch over itself.

If any part ends, all of it does, loudly: a process that looks well and has stopped following is worse than none.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import structlog
from fastapi import FastAPI
from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncEngine

from bus import holds
from bus.errors import CannotStart, HoldLost
from bus.kafka import Kafka
from bus.kafka.topics import Wanted, require
from bus.transient import transient
from bus.worker import run_parts, serve_until
from kit.database import Sessions
from scoring.stream import APP, Stream, StreamCrashed
from scoring.tallies import events, queries
from scoring.tallies.handlers import Tallies

log = structlog.get_logger()

LOOK_EVERY_S = 5.0
WATCH_EVERY_S = 10.0
STALLED_AFTER_S = 60.0
RECOVERED_WITHIN_S = 300.0

LAG = Gauge("jinqiu_scoring_tallies_lag_events", "Events of scoring.points that the tallies have still to hear, count.")


class Stalled(Exception):
    """There is something to hear and nothing is heard."""


_WORDS = (CannotStart, HoldLost, Stalled, StreamCrashed)
"""Ends that explain themselves."""


@asynccontextmanager
async def alone(engine: AsyncEngine) -> AsyncIterator[asyncpg.Connection]:
    """Be the only stream process for as long as this lasts. Raises CannotStart if there is another one."""
    async with holds.direct(engine) as connection:
        if not await holds.try_hold(connection, APP):
            raise CannotStart("another stream process already keeps the live tallies, and there may be only one")
        yield connection


async def ground(kafka: Kafka) -> int:
    """Return how many partitions there are. Raises CannotStart unless Kafka has the topics as the tallies need them."""
    changelog = Wanted(events.CHANGELOG, 0, events.CHANGELOG_CONFIG)
    return await require(kafka, changelog, events.SOURCE)


def stream(kafka: Kafka, tallies: Tallies, partitions: int) -> Stream:
    """Make the stream. Raises CannotStart if Faust would keep its rows elsewhere than the catalogue says."""
    made = Stream(kafka, tallies, source=events.SOURCE, partitions=partitions)
    if made.changelog != kafka.names.outer(events.CHANGELOG):
        raise CannotStart(f"Faust calls the changelog {made.changelog}, the catalogue {events.CHANGELOG}")
    return made


async def run(  # noqa: PLR0913 — the process's parts
    made: Stream, hold: asyncpg.Connection, sessions: Sessions, kafka: Kafka, app: FastAPI, *, host: str, port: int
) -> None:
    """Run until SIGTERM, finish the batch in hand, leave. Anything else that ends it exits with status 1."""
    stop = asyncio.Event()
    parts = [
        serve_until(stop, app, host, port),
        made.run(stop),
        holds.watch(hold, stop),
        look(made.tallies, sessions, stop),
        Watchdog(made, kafka).watch(stop),
    ]
    await run_parts("stream", stop, parts, words=_WORDS)


async def look(tallies: Tallies, sessions: Sessions, stop: asyncio.Event) -> None:
    """Compare everybody with the ledger, again and again, once the rows are there."""
    while not stop.is_set():
        if tallies.recovered:
            try:
                async with sessions.begin(None) as session:
                    await tallies.compare(queries.published(session))
            except Exception as error:
                if not transient(error):
                    raise
                log.warning("cannot look at the ledger", exc_info=error)
        await holds.first(stop, wait_s=LOOK_EVERY_S)


class Watchdog:
    """Faust logs a consumer that stands still and goes on; this ends the process."""

    def __init__(self, made: Stream, kafka: Kafka) -> None:
        self._stream, self._kafka = made, kafka
        self._well_at = self._began = time.monotonic()

    async def watch(self, stop: asyncio.Event) -> None:
        """Raises Stalled."""
        while not stop.is_set():
            try:
                self.judge(await self._lag(), time.monotonic())
            except Exception as error:
                if not transient(error):
                    raise
                log.warning("cannot tell how far the stream is", exc_info=error)
            await holds.first(stop, wait_s=WATCH_EVERY_S)

    def judge(self, lag: int, now: float) -> None:
        """Raises Stalled if there has been something to hear for too long, and no batch."""
        LAG.set(lag)
        if not self._stream.tallies.recovered:
            if now - self._began > RECOVERED_WITHIN_S:
                raise Stalled(f"the rows are not back after {RECOVERED_WITHIN_S:.0f} s")
            return
        if not lag:
            self._well_at = now
        since = max(self._well_at, self._stream.moved_at)
        if now - since > STALLED_AFTER_S:
            raise Stalled(f"{lag} events wait and none was heard for {now - since:.0f} s")

    async def _lag(self) -> int:
        """Count past Faust: one that stands still does not know what has come since."""
        partitions = (await self._kafka.partitions([events.SOURCE])).get(events.SOURCE, [])
        done = await self._kafka.committed(APP, partitions)
        async with self._kafka.reader() as reader:
            ends = await reader.ends(partitions)
        applied = self._stream.applied
        return sum(
            max(end - max(begin, done.get(each, 0), applied.get(each.number, 0)), 0)
            for each, (begin, end) in ends.items()
        )
