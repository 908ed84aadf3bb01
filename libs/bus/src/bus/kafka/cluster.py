"""Where Kafka is, and how the bus opens its clients."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaConnectionError, KafkaError

from bus.errors import CannotStart, KafkaAway
from bus.kafka.clients import Member, Producer, Reader
from bus.kafka.records import Names, Partition

MAX_REQUEST_BYTES = 2 * 1024 * 1024
"""A dead letter may hold the largest record that a broker takes (1 MiB) and its headers."""
START_S = 30
STOP_S = 3
"""Everything sent was awaited before: there is nothing to flush, and a broker that is away answers no farewell."""


@dataclass(frozen=True, slots=True)
class Kafka:
    """Where Kafka is, how to sign in, and what stands before every name (a test's own corner of a shared broker)."""

    bootstrap: str
    prefix: str = ""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    mechanism: str = "SCRAM-SHA-512"
    tls: bool = False
    ca_file: str | None = None
    send_timeout_s: float = 20
    session_timeout_s: float = 10

    def options(self) -> dict[str, Any]:
        """Return what every client of aiokafka is told."""
        protocol = ("SASL_" if self.username else "") + ("SSL" if self.tls else "PLAINTEXT")
        options: dict[str, Any] = {"bootstrap_servers": self.bootstrap, "security_protocol": protocol.removesuffix("_")}
        if self.username:
            options |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        if self.tls:
            options["ssl_context"] = ssl.create_default_context(cafile=self.ca_file)
        return options

    @property
    def names(self) -> Names:
        return Names(self.prefix)

    @asynccontextmanager
    async def producer(self) -> AsyncIterator[Producer]:
        """Open an idempotent producer that waits for all replicas."""
        client = AIOKafkaProducer(
            **self.options(),
            enable_idempotence=True,
            acks="all",
            compression_type="lz4",
            max_batch_size=256 * 1024,
            max_request_size=MAX_REQUEST_BYTES,
            request_timeout_ms=int(self.send_timeout_s * 1000),
        )
        await _start(client, self.bootstrap)
        try:
            yield Producer(client, self.names, self.send_timeout_s)
        finally:
            await _stop(client)

    @asynccontextmanager
    async def reader(self, fetch_bytes: int = 64 * 1024) -> AsyncIterator[Reader]:
        """Open a consumer outside any group, which reads where it is told, so many bytes of a partition at a time."""
        client = AIOKafkaConsumer(
            **self.options(),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=fetch_bytes,
        )
        await _start(client, self.bootstrap)
        await asyncio.sleep(0)  # aiokafka's own task must have begun before it can be stopped
        try:
            yield Reader(client, self.names)
        finally:
            await _stop(client)

    @asynccontextmanager
    async def member(
        self, group: str, instance: str, topics: Iterable[str], revoked: Callable[[], None]
    ) -> AsyncIterator[Member]:
        """Join a group as a static member, so that a killed worker comes back without waiting for its session's end."""
        client = AIOKafkaConsumer(
            **self.options(),
            group_id=self.names.outer(group),
            group_instance_id=instance,
            client_id=instance,
            # The same numbers of every topic: what is keyed by person meets in one worker.
            partition_assignment_strategy=(RangePartitionAssignor,),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=int(self.session_timeout_s * 1000),
            heartbeat_interval_ms=1000,  # a worker that comes waits so long for the others to notice
            fetch_max_wait_ms=200,
            max_partition_fetch_bytes=1024 * 1024,
        )
        await _start(client, self.bootstrap)
        try:
            client.subscribe([self.names.outer(name) for name in topics], listener=_Listener(revoked))
            yield Member(client, self.names)
        finally:
            await _stop(client)

    @asynccontextmanager
    async def admin(self) -> AsyncIterator[AIOKafkaAdminClient]:
        client = AIOKafkaAdminClient(**self.options())
        await _start(client, self.bootstrap)
        try:
            yield client
        finally:
            await client.close()

    async def partitions(self, topics: Iterable[str]) -> dict[str, list[Partition]]:
        """Return each existing topic's partitions; a topic that Kafka does not have is absent."""
        async with self.admin() as admin:
            found = await admin.describe_topics([self.names.outer(name) for name in topics])
        return {
            self.names.inner(each["topic"]): sorted(
                Partition(self.names.inner(each["topic"]), part["partition"]) for part in each["partitions"]
            )
            for each in found
            if not each["error_code"]
        }

    async def existing(self, topics: Iterable[str]) -> dict[str, list[Partition]]:
        """Return each topic's partitions. Raises CannotStart, naming the command that makes the missing ones."""
        names = set(topics)
        found = await self.partitions(names)
        if missing := sorted(names - found.keys()):
            raise CannotStart(f"Kafka has no topic {', '.join(missing)}: run `python -m bus topics` first")
        return found

    async def committed(self, group: str, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """Return how far a group has told Kafka it is; a partition of which it has told nothing is absent."""
        outer = [self.names.outside(each) for each in partitions]
        if not outer:
            return {}
        async with self.admin() as admin:
            found = await admin.list_consumer_group_offsets(self.names.outer(group), partitions=outer)
        return {self.names.inside(each): place.offset for each, place in found.items() if place.offset >= 0}


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, revoked: Callable[[], None]) -> None:
        self._revoked = revoked

    def on_partitions_revoked(self, revoked: object) -> None:  # noqa: ARG002 — the interface's
        self._revoked()

    def on_partitions_assigned(self, assigned: object) -> None:
        """Nothing: the runner finds what is new when it polls."""


async def _start(client: Any, bootstrap: str) -> None:
    try:
        async with asyncio.timeout(START_S):
            await client.start()
    except (KafkaConnectionError, TimeoutError) as error:
        await _stop(client)
        raise KafkaAway(f"Kafka does not answer at {bootstrap}") from error
    except asyncio.CancelledError:
        await _stop(client)
        raise


async def _stop(client: Any) -> None:
    """Stop without waiting for ever for a broker that is away."""
    try:
        async with asyncio.timeout(STOP_S):
            await (client.close() if isinstance(client, AIOKafkaAdminClient) else client.stop())
    except (TimeoutError, KafkaError):
        for end in _ends(client):
            ending = asyncio.ensure_future(end())
            await asyncio.wait((ending,), timeout=1)
            ending.cancel()


def _ends(client: Any) -> list[Callable[[], Coroutine[Any, Any, None]]]:
    """Return what a stop that was broken off did not come to: aiokafka has no way to leave without a farewell."""
    if isinstance(client, AIOKafkaProducer):
        return [client._sender.close, client.client.close]  # noqa: SLF001
    if isinstance(client, AIOKafkaConsumer):
        group = client._coordinator  # noqa: SLF001
        tasks = ("_stop_heartbeat_task", "_stop_commit_offsets_refresh_task")
        started = [each.close for each in (client._fetcher, client._client) if each]  # noqa: SLF001
        return [*(getattr(group, name) for name in tasks if hasattr(group, name)), *started]
    return [client._client.close]  # noqa: SLF001
