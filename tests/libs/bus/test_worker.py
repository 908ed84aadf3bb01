"""A worker process answers for its health, and ends when one of its parts does."""

import asyncio
import os
import signal
import socket

import httpx
import pytest
from structlog.testing import capture_logs

from bus.consumer import Consumer
from bus.kafka import Kafka
from bus.relay import Relay
from bus.worker import _checks, _serve_health, run_worker
from support.bus import Corner, eventually, one_by_one, person


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def get(port: int, path: str) -> httpx.Response | None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        try:
            return await client.get(path)
        except httpx.TransportError:
            return None


async def test_health_and_metrics_are_served_until_sigterm(corner: Corner) -> None:
    port = free_port()
    relay, consumer = (
        Relay(corner.sessions.engine, "registry", corner.kafka),
        Consumer("scoring", one_by_one(), corner.sessions, corner.kafka),
    )
    work = asyncio.create_task(run_worker("scoring", corner.sessions, relay, consumer, host="127.0.0.1", port=port))

    async def ready() -> bool:
        answer = await get(port, "/readyz")
        return answer is not None and answer.status_code == 200

    async def applied() -> bool:
        return await corner.count("seen") > 0

    await eventually(ready)
    await corner.publish(person())
    await eventually(applied)
    live, metrics = await get(port, "/livez"), await get(port, "/metrics")
    assert live is not None
    assert live.json() == {"status": "ok"}
    assert metrics is not None
    for name in (
        "unsent_events",
        "unsent_age_seconds",
        "relay_held",
        "event_age_seconds_bucket",
        "batch_events_bucket",
    ):
        assert f"jinqiu_bus_{name}" in metrics.text
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(work, 20)


async def test_readiness_says_what_is_missing_while_life_goes_on(store: Corner) -> None:
    """Without Kafka the process ends by itself; until then it is alive and not ready."""
    consumer = Consumer("scoring", one_by_one(), store.sessions, store.kafka)
    port, stop = free_port(), asyncio.Event()
    serving = asyncio.create_task(_serve_health(_checks(store.sessions, consumer), "127.0.0.1", port, stop))

    async def alive() -> bool:
        answer = await get(port, "/livez")
        return answer is not None and answer.status_code == 200

    await eventually(alive)
    answer = await get(port, "/readyz")
    assert answer is not None
    assert answer.status_code == 503
    assert answer.json() == {"status": "missing", "database": "ok", "consumer": "missing (RuntimeError)"}
    stop.set()
    await serving


async def test_a_part_that_cannot_go_on_ends_the_process_loudly(store: Corner) -> None:
    relay = Relay(store.sessions.engine, "registry", Kafka("127.0.0.1:1"))
    with capture_logs() as logs, pytest.raises(SystemExit) as ended:
        await run_worker("registry", store.sessions, relay, None, host="127.0.0.1", port=free_port())
    assert ended.value.code == 1
    assert [line["event"] for line in logs if line["log_level"] == "critical"] == [
        "Kafka does not answer at 127.0.0.1:1"
    ]


async def test_a_port_that_is_taken_is_a_sentence(store: Corner) -> None:
    relay = Relay(store.sessions.engine, "registry", Kafka("127.0.0.1:1"))
    with socket.create_server(("127.0.0.1", 0)) as taken, capture_logs() as logs, pytest.raises(SystemExit):
        await run_worker("registry", store.sessions, relay, None, host="127.0.0.1", port=taken.getsockname()[1])
    assert any("cannot listen on 127.0.0.1" in line["event"] for line in logs)
