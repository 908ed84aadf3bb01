"""Workers that are killed, at the worst moments, lose nothing and double nothing."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bus.errors import DeadLetterLimitReached
from support.bus import GROUP, Corner, eventually, person, raw, uuid

pytestmark = pytest.mark.timeout(300)  # a process needs seconds to import when the machine is busy
SESSION_S = 80
TESTS = Path(__file__).parents[2]


async def start(corner: Corner, **order: Any) -> asyncio.subprocess.Process:
    told = {
        "url": corner.worker_url,
        "password": corner.password,
        "bootstrap": corner.kafka.bootstrap,
        "prefix": corner.kafka.prefix,
        **order,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "support.bus_worker", json.dumps(told), cwd=TESTS, stdout=asyncio.subprocess.PIPE
    )


@asynccontextmanager
async def worker(corner: Corner, **order: Any) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker process that does not outlive the test."""
    process = await start(corner, **order)
    drained = asyncio.create_task(process.stdout.read() if process.stdout else asyncio.sleep(0, b""))
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await drained


async def ended(process: asyncio.subprocess.Process) -> int:
    async with asyncio.timeout(60):
        return await process.wait()


def seen(corner: Corner, count: int) -> Callable[[], Awaitable[bool]]:
    async def reached() -> bool:
        return await corner.count("seen") >= count

    return reached


async def each_once_in_order(corner: Corner, people: list[str], versions: int) -> bool:
    rows = await corner.rows("SELECT subject, array_agg(version ORDER BY place) FROM seen GROUP BY subject")
    return dict(rows) == {subject: list(range(1, versions + 1)) for subject in people}


async def test_a_worker_killed_between_database_and_offset_doubles_nothing(corner: Corner) -> None:
    people = [uuid() for _ in range(10)]
    await corner.send(*(person(subject, version) for version in range(1, 6) for subject in people))
    async with worker(corner, die_after_commit=True, most_records=20) as process:
        assert await ended(process) == -signal.SIGKILL
    assert 0 < await corner.count("seen") < 50
    async with worker(corner):
        await eventually(seen(corner, 50), within_s=60)
        await eventually(_kafka_knows(corner, 50))
    assert await each_once_in_order(corner, people, 5)


def _kafka_knows(corner: Corner, count: int) -> Callable[[], Awaitable[bool]]:
    """Kafka's own offsets catch up too, though the one who owed them is dead: lag is measured by them."""

    async def told() -> bool:
        async with corner.kafka.admin() as admin:
            offsets = await admin.list_consumer_group_offsets(corner.kafka.names.outer(GROUP))
        return bool(sum(max(each.offset, 0) for each in offsets.values()) == count)

    return told


async def test_a_worker_killed_under_load_doubles_nothing_and_comes_back_at_once(corner: Corner) -> None:
    people = [uuid() for _ in range(40)]
    await corner.publish(*(person(subject, version) for version in range(1, 26) for subject in people))
    long = SESSION_S  # a worker that Kafka did not know again would wait for the end of the dead one's session
    for part in (100, 400, 700):
        async with worker(corner, most_records=50, session_timeout_s=long) as process:
            await eventually(seen(corner, part), within_s=long - 20)
            process.kill()
    async with worker(corner, session_timeout_s=long):
        await eventually(seen(corner, 1000), within_s=long - 20)
    assert await each_once_in_order(corner, people, 25)


async def test_sigterm_under_load_finishes_the_batch_and_ends_well(corner: Corner) -> None:
    people = [uuid() for _ in range(40)]
    await corner.publish(*(person(subject, version) for version in range(1, 26) for subject in people))
    async with worker(corner, most_records=50) as process:
        await eventually(seen(corner, 200), within_s=60)
        process.send_signal(signal.SIGTERM)
        assert await ended(process) == 0
    at_the_end = await corner.count("seen")
    assert await corner.scalar("SELECT max(begun) FROM positions") == 0
    assert at_the_end == await corner.count("inbox")
    async with worker(corner):
        await eventually(seen(corner, 1000), within_s=60)
    assert await each_once_in_order(corner, people, 25)


async def test_an_event_that_kills_its_process_is_set_aside_in_the_end(corner: Corner) -> None:
    killer, good = uuid(), [person() for _ in range(20)]
    await corner.send(*good[:10], person(killer), *good[10:])
    deaths = 0
    while not await corner.count("dead_letters"):
        async with worker(corner, die_on=killer) as process:
            done = asyncio.create_task(eventually(_set_aside(corner), within_s=60))
            died = asyncio.create_task(ended(process))
            await asyncio.wait((done, died), return_when=asyncio.FIRST_COMPLETED)
            deaths += died.done()
            died.cancel()
            done.cancel()
            if done.done():
                await eventually(seen(corner, 20), within_s=60)
        assert deaths < 8
    assert (await corner.rows("SELECT reason FROM dead_letters")) == [
        ("Crashed: failed 3 times alone: ended its process",)
    ]
    assert sorted(await corner.seen()) == sorted(event.id for _, event in good)
    assert deaths == 5  # twice with its batch, three times alone


def _set_aside(corner: Corner) -> Callable[[], Awaitable[bool]]:
    async def is_so() -> bool:
        return await corner.count("dead_letters") > 0

    return is_so


async def test_what_ends_a_worker_ends_it_with_status_1_and_a_sentence(corner: Corner) -> None:
    await corner.produce(*(raw(f"poison {number}".encode()) for number in range(101)))
    process = await start(corner)
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    last = [json.loads(line) for line in out.splitlines()][-1]
    assert last["error"] == DeadLetterLimitReached.__name__
    assert last["level"] == "critical"
    assert "more than 100 open dead letters" in last["event"]
