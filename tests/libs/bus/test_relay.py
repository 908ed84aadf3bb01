"""One relay a service: nothing lost, nothing inverted, whatever commits when."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text
from structlog.testing import capture_logs

from bus import holds, metrics
from bus.errors import HoldLost, LogLost
from bus.kafka import SendFailed
from bus.kafka.topics import delete
from bus.outbox import Outbox
from bus.relay import Relay
from bus.relay_log import RelayLog
from contracts import topics
from contracts.envelope import decode
from kit.database import connect
from support.bus import COUNTY, TABLES, Corner, bytes_of, eventually, person, raw, running, uuid
from support.wire import wire

PERSON = topics.PERSON.name


def relay_of(corner: Corner) -> Relay:
    return Relay(corner.sessions.engine, "registry", corner.kafka)


async def test_the_bytes_in_kafka_are_the_journals_as_structured_cloudevents(corner: Corner) -> None:
    event = person()
    await corner.send(event)
    (record,) = await corner.log(PERSON)
    assert (record.key, record.value) == (event[1].subject.encode(), bytes_of(event))
    assert dict(record.headers) == {
        "content-type": b"application/cloudevents+json; charset=UTF-8",
        "ce_type": b"person.registered.v1",
    }


async def test_concurrent_writers_lose_nothing_and_invert_nothing(corner: Corner) -> None:
    people, versions = [uuid() for _ in range(20)], 15
    await corner.execute("CREATE TABLE locked (subject text PRIMARY KEY, version bigint)")
    await corner.execute("GRANT ALL ON locked TO bus_worker")
    for subject in people:
        await corner.execute(f"INSERT INTO locked VALUES ('{subject}', 0)")  # noqa: S608

    async def write(subject: str) -> None:
        async with corner.sessions.begin(COUNTY) as session:
            version = await session.scalar(
                text("UPDATE locked SET version = version + 1 WHERE subject = :subject RETURNING version"),
                {"subject": subject},
            )
            await Outbox(session, TABLES, "registry").add(person(subject, version))
            await session.execute(text("SELECT pg_sleep(random() * 0.02)"))  # others commit in between

    async with running(relay_of(corner).run):
        await asyncio.gather(*(write(subject) for _ in range(versions) for subject in people))
        await eventually(corner.nothing_pending)
    sent: dict[str, list[int]] = {}
    for record in await corner.log(PERSON):
        event = decode(record.value or b"")
        sent.setdefault(event.subject, []).append(event.aggregateversion)
    assert sent == {subject: list(range(1, versions + 1)) for subject in people}


async def test_a_commit_wakes_the_relay_before_its_poll(corner: Corner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bus.relay.POLL_S", 3600)
    async with running(relay_of(corner).run):
        await eventually(_held)
        for _ in range(3):
            await corner.publish(person())
            await eventually(corner.nothing_pending, within_s=5)


async def test_a_missed_notification_is_made_up_by_the_poll(corner: Corner) -> None:
    async with running(relay_of(corner).run):
        await eventually(_held)
        await corner.execute("ALTER TABLE pending DISABLE TRIGGER wake_relay")
        await corner.publish(person())
        await eventually(corner.nothing_pending, within_s=5)


async def test_a_second_relay_stands_by_and_takes_over(corner: Corner) -> None:
    first, second = relay_of(corner), relay_of(corner)
    async with running(second.run) as stop_second:
        await eventually(_is_held(second))
        async with running(first.run):
            await corner.publish(person())
            await eventually(corner.nothing_pending)
            assert not first.held
            stop_second.set()
            await eventually(_is_held(first))
            await corner.publish(person())
            await eventually(corner.nothing_pending)
    assert len(await corner.log(PERSON)) == 2


async def test_a_relay_without_kafka_ends_and_keeps_what_is_pending(corner: Corner) -> None:
    await corner.publish(person())
    await delete(corner.kafka, [PERSON])
    await _gone(corner)
    hasty = dataclasses.replace(corner.kafka, send_timeout_s=1)
    with pytest.raises(SendFailed):
        await Relay(corner.sessions.engine, "registry", hasty).run(asyncio.Event())
    assert await corner.count("pending") == 1


async def test_a_relay_whose_connection_dies_ends(corner: Corner) -> None:
    relay = relay_of(corner)
    running_relay = asyncio.create_task(relay.run(asyncio.Event()))
    await eventually(_is_held(relay))
    await corner.end_holders()
    with pytest.raises(HoldLost):
        await asyncio.wait_for(running_relay, 20)


async def test_a_relay_that_stands_by_on_a_dead_line_ends(corner: Corner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holds, "PATIENCE_S", 2)
    with capture_logs():
        async with running(relay_of(corner).run), wire(corner.worker_url) as line:
            await eventually(_held)
            engine = connect(line.url, corner.password, application="far", schema="bus")
            far = asyncio.create_task(Relay(engine, "registry", corner.kafka).run(asyncio.Event()))
            await eventually(_two_ask(corner))
            line.frozen = True
            with pytest.raises(HoldLost):
                await asyncio.wait_for(far, 20)
            await engine.dispose(close=False)


def _two_ask(corner: Corner) -> Callable[[], Awaitable[bool]]:
    """Whether the far one has its connection."""

    async def asked() -> bool:
        return bool(await corner.scalar("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'far'") == 1)

    return asked


async def test_a_log_that_ends_before_what_it_acknowledged_stops_the_relay(corner: Corner) -> None:
    subject = uuid()
    await corner.send(*(person(subject, version) for version in range(1, 4)))
    await delete(corner.kafka, [PERSON])
    await _gone(corner)
    await corner.create_topics(PERSON)
    with pytest.raises(LogLost, match="registry republish"):
        await relay_of(corner).run(asyncio.Event())


async def test_an_offset_given_before_stops_a_running_relay(corner: Corner) -> None:
    """As when a broker came back with an empty disk while the relay went on."""
    subject = uuid()
    await corner.send(*(person(subject, version) for version in range(1, 4)))
    memory = RelayLog(dict.fromkeys((await corner.kafka.partitions([PERSON]))[PERSON], 1000))
    async with holds.direct(corner.sessions.engine) as connection, corner.kafka.producer() as producer:
        sent = await producer.send([raw(bytes_of(person()))])
        with pytest.raises(LogLost, match="which it had given before"):
            await memory.acknowledge(connection, "registry", sent, [])


async def test_nothing_is_said_to_wait_once_all_is_sent(corner: Corner) -> None:
    """That something is said while it waits: test_away."""
    metrics.UNSENT.labels("registry").set(7)
    await corner.publish(person(), person())
    async with running(relay_of(corner).run):
        await eventually(corner.nothing_pending)
        await eventually(_unsent(0))
        age = REGISTRY.get_sample_value("jinqiu_bus_unsent_age_seconds", {"service": "registry"})
        assert age == 0


async def _gone(corner: Corner) -> None:
    async def absent() -> bool:
        return not await corner.kafka.partitions([PERSON])

    await eventually(absent)


async def _held() -> bool:
    return bool(metrics.RELAY_HELD.labels("registry")._value.get() == 1)


def _is_held(relay: Relay) -> Callable[[], Awaitable[bool]]:
    async def held() -> bool:
        return relay.held

    return held


def _unsent(count: int) -> Callable[[], Awaitable[bool]]:
    async def is_so() -> bool:
        return bool(metrics.UNSENT.labels("registry")._value.get() == count)

    return is_so
