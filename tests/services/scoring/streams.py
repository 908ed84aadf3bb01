"""A county whose ledger publishes, the topics it publishes to, and stream processes that may be killed."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
import orjson
from joserfc import jwt

from bus.codec import outgoing
from bus.kafka import Kafka, KafkaError, Partition
from bus.testing import Published, drain
from contracts.envelope import encode
from kit.database import Sessions
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from scoring.rulebooks.domain import Shape
from scoring.stream import APP
from scoring.tallies import events
from services.scoring.counties import KEY, SETTINGS, County
from services.scoring.envelopes import new_id, news
from services.scoring.histories import DOCUMENT
from stack.ports import Ports
from support.bus import eventually

LONG_AGO = date(2020, 1, 1)
PARTITIONS = 3
READY_WITHIN_S = 90


@dataclass
class StreamProcess:
    """`scoring stream` as the stack runs it."""

    child: subprocess.Popen[str]
    port: int

    async def get(self, path: str, token: str = "") -> httpx.Response:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return await client.get(f"http://127.0.0.1:{self.port}{path}", headers=headers)

    async def ready(self) -> bool:
        assert self.child.poll() is None, "the stream process has ended"
        try:
            return (await self.get("/readyz")).is_success
        except httpx.TransportError:
            return False

    async def await_ready(self) -> None:
        """A busy machine takes long to load all that the process is made of."""
        await eventually(self.ready, within_s=READY_WITHIN_S)

    async def metric(self, name: str) -> float:
        text = (await self.get("/metrics")).text
        return float(next(line.split()[-1] for line in text.splitlines() if line.startswith(f"jinqiu_scoring_{name}")))

    def kill(self) -> None:
        self.child.kill()
        self.child.wait()

    def terminate(self) -> int:
        self.child.send_signal(signal.SIGTERM)
        return self.child.wait(30)


@dataclass
class Streamed:
    """What one test has: the ledger, its topics, and the processes it began."""

    county: County
    kafka: Kafka
    database: Any
    ports: Ports = field(default_factory=Ports)

    @contextmanager
    def process(self) -> Iterator[StreamProcess]:
        port = self.ports.choose("a test's stream", None)
        with tempfile.TemporaryFile() as log:
            child = subprocess.Popen(  # noqa: S603 — our own arguments
                [sys.executable, "-m", "support.stream_process", orjson.dumps(self._order(port)).decode()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(["tests", os.environ.get("PYTHONPATH", "")])},
                stdout=log,
                stderr=subprocess.PIPE,
                text=True,
            )
            try:
                yield StreamProcess(child, port)
            finally:
                child.kill()
                child.communicate()
                log.seek(0)
                print(log.read().decode())  # noqa: T201 — what a failed test shows

    def _order(self, port: int) -> dict[str, Any]:
        worker = self.database.worker
        return {
            "database_url": worker.url,
            "database_password": worker.password,
            "kafka_bootstrap": self.kafka.bootstrap,
            "prefix": self.kafka.prefix,
            "stream_port": port,
            "key": KEY.as_dict(private=False),
        }

    async def people(self, count: int) -> Sequence[PersonId]:
        """So many people in two branches of a county with an open quarter; each has a base already."""
        county, branches = self.county, [OrganisationId(new_id()) for _ in range(2)]
        people = [PersonId(new_id()) for _ in range(count)]
        for number, person in enumerate(people):
            home = Membership(branches[number % 2], home=True, since=LONG_AGO, until=None)
            life = Life(1, (Held("A", LONG_AGO),))
            await county.apply([news(county.id, person, life), news(county.id, person, Belonging(1, (home,)))])
        await county.open("2022Q1", await county.adopt(DOCUMENT))
        await county.sweep()
        return people

    async def study(self, people: Sequence[PersonId], days: Sequence[int]) -> None:
        """Everybody had a lesson on each of these days: a version of each account for every day."""
        shape = Shape("activity.attended", "lesson", None, "assembled")
        for day in days:
            lessons = [Fact(each, f"{new_id()}/{each}", 1, shape, date(2022, 1, day)) for each in people]
            await self.county.apply([news(self.county.id, lesson.person, lesson) for lesson in lessons])

    async def published(self) -> list[Published]:
        """What the ledger has published since the last time."""
        return [each for each in await drain(Sessions(self.county.worker)) if each[0].name == events.SOURCE]

    async def send(self, told: Sequence[Published]) -> None:
        async with self.kafka.producer() as producer:
            await producer.send([outgoing(topic.name, topic.key_of(e), e.type, encode(e)) for topic, e in told])

    async def acknowledged(self, count: int) -> None:
        """Wait until Kafka knows that the group has so many events behind it."""
        partitions = [Partition(events.SOURCE, number) for number in range(PARTITIONS)]

        async def told() -> bool:
            with contextlib.suppress(KafkaError):  # the group is so new that it has no coordinator
                return sum((await self.kafka.committed(APP, partitions)).values()) == count
            return False

        await eventually(told)

    async def agrees(self, process: StreamProcess, people: int) -> None:
        """Wait until the process has compared so many rows with the ledger; none of them may differ."""

        async def compared() -> bool:
            return await process.metric("tallies_compared_rows") == people

        await eventually(compared)
        assert await process.metric("tallies_different_rows") == 0

    async def ledger_total(self) -> int:
        (row,) = await self.county.rows("SELECT sum(total_tenths) AS total FROM cells WHERE county = :county")
        return int(row.total)

    async def tallies(self, process: StreamProcess, role: str = "desk") -> httpx.Response:
        return await process.get("/api/v1/tallies", token(self.county.id, role))


def token(county: str, role: str) -> str:
    claims = {"iss": SETTINGS.issuer, "aud": SETTINGS.audience, "exp": 4102444800, "sub": new_id(), "role": role}
    return jwt.encode({"alg": "ES256", "kid": "test"}, {**claims, "county": county}, KEY)


def twice_and_mixed(told: Sequence[Published]) -> list[Published]:
    """As a topic may look after a republish: everything again, and old news after new ones."""
    return [*told, *random.Random(1).sample(list(told), len(told))]  # noqa: S311 — the same each time
