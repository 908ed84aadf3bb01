"""A worker has the first free number of its service, for as long as its connection lives."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bus.consumer import Consumer
from bus.errors import HoldLost
from bus.numbers import number
from support.bus import Corner, one_by_one


async def test_the_first_free_number_is_taken(store: Corner) -> None:
    engine = store.sessions.engine
    async with number(engine, "scoring") as first:
        async with number(engine, "scoring") as second, number(engine, "registry") as other:
            assert (first.instance, second.instance, other.instance) == ("scoring-0", "scoring-1", "registry-0")
        async with number(engine, "scoring") as third:
            assert third.value == 1


async def test_a_number_is_free_again_when_its_connection_died(store: Corner) -> None:
    engine = store.sessions.engine
    async with number(engine, "scoring") as first:
        watching = asyncio.create_task(first.watch(asyncio.Event()))
        await store.end_holders()
        with pytest.raises(HoldLost):
            await asyncio.wait_for(watching, 20)
        async with number(engine, "scoring") as again:
            assert again.value == 0


async def test_what_else_goes_wrong_when_a_number_is_lost_is_logged(store: Corner) -> None:
    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise KeyError("on the way out")

    consumer = Consumer("scoring", one_by_one(), store.sessions, store.kafka)
    with capture_logs() as logs:
        async with number(store.sessions.engine, "scoring") as held:
            guarded = asyncio.create_task(consumer._guarded(held, work(), asyncio.Event()))
            await store.end_holders()
            with pytest.raises(HoldLost):
                await asyncio.wait_for(guarded, 20)
    assert [type(line["exc_info"]) for line in logs if line["log_level"] == "error"] == [KeyError]


async def test_the_server_watches_the_other_end(store: Corner) -> None:
    async with number(store.sessions.engine, "scoring") as held:
        settings = [await held.connection.fetchval(f"SHOW {name}") for name in SETTINGS]
    assert settings == ["10", "5", "3", "20000"]


SETTINGS = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
