"""While Kafka does not answer, workers tell what waits, fail in bounded time, and end when they are asked to."""

import asyncio
import dataclasses
import socket
from collections.abc import Awaitable, Callable

import pytest
from prometheus_client import REGISTRY

from bus.consumer import Consumer
from bus.kafka import Kafka, SendFailed
from bus.relay import Relay
from contracts.envelope import Envelope
from support.broker import Broker
from support.bus import Corner, Work, eventually, note, one_by_one, person

pytestmark = pytest.mark.timeout(300)  # a broker of its own needs its time to start


def waits(count: int) -> Callable[[], Awaitable[bool]]:
    """Whether the metrics say that so many events wait, and for some time."""

    async def told() -> bool:
        return _metric("events") == count and _metric("age_seconds") > 0

    return told


def _metric(name: str) -> float:
    return REGISTRY.get_sample_value(f"jinqiu_bus_unsent_{name}", {"service": "registry"}) or 0.0


def is_held(relay: Relay) -> Callable[[], Awaitable[bool]]:
    async def held() -> bool:
        return relay.held

    return held


async def test_a_relay_whose_kafka_froze_tells_what_waits_and_fails(fragile: Corner, freezable: Broker) -> None:
    hasty = dataclasses.replace(fragile.kafka, send_timeout_s=5)
    relay = Relay(fragile.sessions.engine, "registry", hasty)
    task = asyncio.create_task(relay.run(asyncio.Event()))
    await eventually(is_held(relay))
    freezable.freeze()
    await fragile.publish(person(), person())
    await eventually(waits(2), within_s=5)
    with pytest.raises(SendFailed):
        await asyncio.wait_for(task, 20)
    assert await fragile.count("pending") == 2


async def test_a_relay_whose_kafka_froze_ends_when_asked(fragile: Corner, freezable: Broker) -> None:
    patient, stop = dataclasses.replace(fragile.kafka, send_timeout_s=120), asyncio.Event()
    relay = Relay(fragile.sessions.engine, "registry", patient)
    task = asyncio.create_task(relay.run(stop))
    await eventually(is_held(relay))
    freezable.freeze()
    await fragile.publish(person())
    await eventually(waits(1), within_s=5)
    stop.set()
    await asyncio.wait_for(task, 15)
    assert await fragile.count("pending") == 1


async def test_a_relay_that_finds_kafka_frozen_tells_what_waits_and_ends_when_asked(store: Corner) -> None:
    await store.publish(person(), person(), person())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        kafka, stop = Kafka(f"127.0.0.1:{silent.getsockname()[1]}"), asyncio.Event()
        task = asyncio.create_task(Relay(store.sessions.engine, "registry", kafka).run(stop))
        await eventually(waits(3), within_s=5)
        stop.set()
        await asyncio.wait_for(task, 15)


async def test_a_consumer_that_finds_kafka_frozen_ends_when_asked(store: Corner) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        kafka, stop = Kafka(f"127.0.0.1:{silent.getsockname()[1]}"), asyncio.Event()
        task = asyncio.create_task(Consumer("scoring", one_by_one(), store.sessions, kafka).run(stop))
        connection, _ = await asyncio.to_thread(silent.accept)
        stop.set()
        await asyncio.wait_for(task, 15)
        connection.close()


async def test_a_consumer_whose_kafka_froze_ends_when_asked(fragile: Corner, freezable: Broker) -> None:
    """It owes Kafka the offset of an event that the database has."""

    async def handle(work: Work, envelope: Envelope) -> None:
        await note(work, envelope)
        freezable.freeze()

    async def seen() -> bool:
        return await fragile.count("seen") == 1

    await fragile.send(person())
    stop = asyncio.Event()
    task = asyncio.create_task(Consumer("scoring", one_by_one(handle), fragile.sessions, fragile.kafka).run(stop))
    await eventually(seen)
    stop.set()
    await asyncio.wait_for(task, 20)
