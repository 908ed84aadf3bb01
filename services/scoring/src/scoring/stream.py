"""The only file that knows Faust: one table keyed by person, fed by `scoring.points` (docs/adr/0012 says why so).

Nothing is acknowledged before the changelog has it. A rule of the house stands behind each setting that is not Faust's
own default: a fault ends the process, topics are made by the catalogue, one process holds all partitions.
"""

import asyncio
import logging
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faust
from faust.auth import SASLCredentials, SSLCredentials
from faust.types import EventT

from bus import holds
from bus.kafka import Kafka
from scoring.tallies.handlers import Tallies

APP = "jinqiu-scoring-tallies"
TABLE = "standing"
BATCH = 500
BATCH_WITHIN_S = 0.2
STOP_S = 15


class StreamCrashed(Exception):
    """Faust has given up; only a new process helps."""


class Stream:
    """Feeds the tallies, and keeps their rows in the table's changelog so that a new process has them back."""

    def __init__(self, kafka: Kafka, tallies: Tallies, *, source: str, partitions: int) -> None:
        self.tallies = tallies
        self.applied: dict[int, int] = {}  # partition → the next offset of the source
        self.moved_at = time.monotonic()
        self.app = _app(kafka, partitions)
        topic = self.app.topic(kafka.names.outer(source), key_serializer="raw", value_serializer="raw")
        self.table = self.app.Table(
            TABLE, key_type=bytes, value_type=bytes, partitions=partitions, on_recover=self._recovered
        )
        self.agent = self.app.agent(topic, name="standing", concurrency=1)(self._follow)

    @property
    def changelog(self) -> str:
        return self.table.changelog_topic.get_topic_name()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the topic until `stop`. Raises StreamCrashed as soon as any part of Faust has failed."""
        starting = asyncio.create_task(self.app.start())
        try:
            while not stop.is_set():
                if starting.done():
                    starting.result()
                self.require_alive()
                await holds.first(stop, wait_s=0.5)
        finally:
            starting.cancel()
            async with asyncio.timeout(STOP_S):
                await self.app.stop()

    def require_alive(self) -> None:
        """Raises StreamCrashed."""
        if self.app.crashed:
            raise StreamCrashed(type(self.app.crash_reason).__name__) from self.app.crash_reason

    async def _recovered(self) -> None:
        rows = [(key.decode(), value) for key, value in self.table.items()]
        self.tallies.recover(rows)
        self.moved_at = time.monotonic()

    async def _follow(self, stream: Any) -> None:
        async for events in stream.noack_take(BATCH, within=BATCH_WITHIN_S):
            await self.take(events)

    async def take(self, events: Sequence[EventT[bytes]]) -> None:
        """One batch: into the rows, into the changelog, and only when that is acknowledged is the batch."""
        partitions = {event.key: event.message.partition for event in events}
        rows = self.tallies.hear(event.value for event in events)
        kept = {person.encode(): row for person, row in rows.items()}
        # What `table[key] = row` does, but for the key's own partition and with something to wait for.
        await asyncio.gather(*(self.table.send_changelog(partitions[key], key, row) for key, row in kept.items()))
        self.table.data.update(kept)
        for event in events:
            event.ack()
            self.applied[event.message.partition] = event.message.offset + 1
        self.moved_at = time.monotonic()


def _app(kafka: Kafka, partitions: int) -> faust.App:
    for noisy in ("faust", "mode"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return faust.App(
        kafka.names.outer(APP),
        broker=[f"kafka://{each.strip()}" for each in kafka.bootstrap.split(",")],
        broker_credentials=_credentials(kafka),
        broker_session_timeout=10,
        broker_heartbeat_interval=3,
        # The one who comes after a killed process is the same member, and waits for nobody.
        consumer_group_instance_id=f"{kafka.names.outer(APP)}-0",
        consumer_auto_offset_reset="earliest",
        processing_guarantee="at_least_once",
        agent_supervisor="mode.supervisors:CrashingSupervisor",
        stream_wait_empty=True,
        topic_partitions=partitions,
        topic_allow_declare=False,
        topic_disable_leader=True,
        store="memory://",
        web_enabled=False,
        autodiscover=False,
        datadir=str(Path(tempfile.gettempdir()) / APP),  # Faust makes it and a memory store leaves it empty
    )


def _credentials(kafka: Kafka) -> SASLCredentials | SSLCredentials | None:
    """Sign in as every other client of the bus does."""
    told = kafka.options()
    context = told.get("ssl_context")
    if kafka.username:
        return SASLCredentials(
            username=kafka.username, password=kafka.password, mechanism=kafka.mechanism, ssl_context=context
        )
    return SSLCredentials(context) if context else None
