"""A worker process for the tests that kill it: `python -m support.bus_worker '{"url": …}'`.

`die_on`: the subject whose event kills the process while it is handled. `die_after_commit`: die when the database has
committed the first batch and Kafka does not know it yet.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from bus.consumer import Consumer
from bus.kafka import Kafka
from bus.relay import Relay
from bus.worker import run_worker
from contracts.envelope import Envelope
from kit.database import Sessions, connect
from kit.logs import setup
from support.bus import Work, note, one_by_one


@dataclass(frozen=True)
class Order:
    """What the test wants of the process."""

    url: str
    password: str
    bootstrap: str
    prefix: str
    die_on: str | None = None
    die_after_commit: bool = False
    most_records: int = 4000
    session_timeout_s: float = 10


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def work(order: Order) -> None:
    async def handle(work: Work, envelope: Envelope) -> None:
        await note(work, envelope)
        if envelope.subject == order.die_on:
            die()
        if order.die_after_commit:
            event.listen(work.session.sync_session, "after_commit", die)

    engine = connect(order.url, order.password, application="victim", schema="bus")
    sessions, kafka = Sessions(engine), Kafka(order.bootstrap, order.prefix, session_timeout_s=order.session_timeout_s)
    consumer = Consumer("scoring", one_by_one(handle), sessions, kafka, most_records=order.most_records)
    await run_worker("scoring", sessions, Relay(engine, "registry", kafka), consumer, host="127.0.0.1", port=0)
    await engine.dispose()


if __name__ == "__main__":
    setup("scoring", "worker")
    asyncio.run(work(Order(**json.loads(sys.argv[1]))))
