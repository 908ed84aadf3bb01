"""A service's worker process: relay and consumer as two tasks of one group. If either ends, all of it does, loudly."""

import asyncio
import signal
import socket
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI

from bus.consumer import Consumer
from bus.errors import CannotStart, DeadLetterLimitReached, HoldLost
from bus.kafka import SendFailed
from bus.relay import Relay
from kit.database import Sessions
from kit.http import Check, database_check, health

log = structlog.get_logger()

_WORDS = (CannotStart, DeadLetterLimitReached, HoldLost, SendFailed)
"""Ends that explain themselves."""


async def run_worker(  # noqa: PLR0913 — the worker's parts
    service: str, sessions: Sessions, relay: Relay, consumer: Consumer[Any] | None, *, host: str, port: int
) -> None:
    """Run until SIGTERM, finish the batch in hand, leave. Anything else that ends it exits with status 1."""
    stop = asyncio.Event()
    parts = [
        _serve_health(_checks(sessions, consumer), host, port, stop),
        _lasting("relay", relay.run(stop), stop),
        *([_lasting("consumer", consumer.run(stop), stop)] if consumer else []),
    ]
    await run_parts("worker", stop, parts, words=_WORDS, worker=service)


async def run_parts(
    process: str,
    stop: asyncio.Event,
    parts: Iterable[Coroutine[Any, Any, None]],
    *,
    words: tuple[type[Exception], ...],
    **about: str,
) -> None:
    """Run a process's parts until SIGTERM sets `stop`. Anything else that ends one ends all, and exits with status 1.

    `words`: ends that explain themselves; of any other the log says that it was a fault.
    """
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        async with asyncio.TaskGroup() as tasks:
            for part in parts:
                tasks.create_task(part)
    except BaseExceptionGroup as several:
        for error in _each(several):
            say = str(error) if isinstance(error, words) else f"the {process} ended by a fault"
            log.critical(say, **about, exc_info=error)
        raise SystemExit(1) from None
    asked = f"the {process} ended as asked"
    log.info(asked, **about)


async def _lasting(part: str, work: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    await work
    if not stop.is_set():
        raise RuntimeError(f"the {part} ended by itself")


def _checks(sessions: Sessions, consumer: Consumer[Any] | None) -> Mapping[str, Check]:
    async def assigned() -> None:
        if consumer and not consumer.assigned:
            raise RuntimeError("no partition assigned")

    return {"database": database_check(sessions), "consumer": assigned}


async def _serve_health(checks: Mapping[str, Check], host: str, port: int, stop: asyncio.Event) -> None:
    """Answer /livez, /readyz and /metrics; none of them needs Kafka."""
    app = FastAPI(openapi_url=None)
    app.include_router(health(checks))
    await serve_until(stop, app, host, port)


async def serve_until(stop: asyncio.Event, app: FastAPI, host: str, port: int) -> None:
    """Serve beside other tasks, which handle the signals. Raises CannotStart if the port is taken."""
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        raise CannotStart(f"cannot listen on {host}:{port}: {error.strerror}") from error
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2))
    serving = asyncio.ensure_future(server._serve(sockets=[listening]))  # noqa: SLF001 — serve() takes the signals
    try:
        await stop.wait()
    finally:
        server.should_exit = True
        await serving


def _each(several: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in several.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _each(error)
        else:
            yield error
