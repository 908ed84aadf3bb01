"""A whole stack from outside: its services over real HTTP, its broker, and every place where a trace could lie."""

import re
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.catalogue import TOPICS
from kit.database import connect
from support.canaries import CANARY
from support.front import Client

AGENT = f"{CANARY.word}-browser"
OURS = b"dead-letter-"
"""What the runner adds to a record that it sets aside; the rest are the bytes that somebody sent."""


class Remote(Client):
    """One signed-in person (or nobody) at a service in a process of its own. Whatever they send, errors are kept."""

    def __init__(self, url: str, token: str | None, errors: list[httpx.Response]) -> None:
        async def keep(answer: httpx.Response) -> None:
            await answer.aread()
            if answer.is_error:
                errors.append(answer)

        self.http = httpx.AsyncClient(
            base_url=f"{url}/api/v1",
            headers={"User-Agent": AGENT} | ({"Authorization": f"Bearer {token}"} if token else {}),
            event_hooks={"response": [keep]},
            trust_env=False,
            timeout=60,
        )


@dataclass
class Outside:
    """What `stack.json` tells, and every error answer that anybody got."""

    folder: Path
    facts: Mapping[str, Any]
    errors: list[httpx.Response] = field(default_factory=list)
    clients: list[httpx.AsyncClient] = field(default_factory=list)
    sent: set[tuple[str, int, int]] = field(default_factory=set)  # records that no service of ours produced

    def client(self, service: str, token: str | None) -> Remote:
        client = Remote(self.facts["services"][service], token, self.errors)
        self.clients.append(client.http)
        return client

    async def close(self) -> None:
        for client in self.clients:
            await client.aclose()

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator[AsyncEngine]:
        """As the worker, who sees every county's rows."""
        url = make_url(self.facts["postgres"][f"{service}_worker"]).set(drivername="postgresql+asyncpg")
        engine = connect(str(url), url.password or "", application="canaries", schema=service, pool=1)
        try:
            yield engine
        finally:
            await engine.dispose()

    def logs(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the state folder that is neither a database's, a broker's nor a secret."""
        for path in sorted(self.folder.rglob("*")):
            inside = path.relative_to(self.folder).parts
            stored = inside[0] in ("secrets", "postgres") or inside[:2] in (("kafka", "data"), ("kafka", "jars"))
            if path.is_file() and not stored:
                yield str(path.relative_to(self.folder)), path.read_bytes()

    async def metrics(self) -> dict[str, str]:
        async with httpx.AsyncClient(trust_env=False) as http:
            urls = [url for kind in ("services", "workers", "streams") for url in self.facts[kind].values()]
            return {url: (await http.get(f"{url}/metrics")).text for url in urls}

    async def figure(self, name: str) -> float:
        """A metric of the workers, all of its series together."""
        lines = "\n".join((await self.metrics()).values())
        return sum(float(value) for value in re.findall(rf"^{name}(?:{{.*}})? (\S+)$", lines, re.MULTILINE))

    async def at_rest(self) -> bool:
        """Nothing is unsent, and scoring has come to the end of every topic that it reads."""
        if await self.figure("jinqiu_bus_unsent_events"):
            return False
        async with self.database("scoring") as engine, engine.connect() as connection:
            rows = await connection.execute(text("SELECT topic, partition, next_offset FROM positions"))
            reached = {(topic, partition): offset for topic, partition, offset in rows}
        ends = await self._ends()
        return all(reached.get((topic, number), 0) == end for (topic, number), end in ends.items())

    async def _ends(self) -> dict[tuple[str, int], int]:
        consumed = {topic.name for topic in TOPICS if "scoring" in topic.consumers}
        async with self._consumer() as consumer:
            places = [place for place in await self._places() if place.topic in consumed]
            return {(place.topic, place.partition): end for place, end in (await consumer.end_offsets(places)).items()}

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self.facts["kafka"], auto_offset_reset="earliest")
        await consumer.start()
        try:
            yield consumer
        finally:
            await consumer.stop()

    async def published(self) -> list[tuple[str, bytes]]:
        """Every record of every topic, by topic; of what a test sent itself only what a service of ours added."""
        found = []
        async for place, record in self._records():
            headers = [(name.encode(), value) for name, value in record.headers]
            own = [name + b" " + value for name, value in headers if name.startswith(OURS)]
            if not (place in self.sent or any(name.startswith(OURS) for name, _ in headers)):
                own += [record.key or b"", record.value or b"", *(name + b" " + value for name, value in headers)]
            found.append((record.topic, b"\n".join(own)))
        return found

    async def _records(self) -> AsyncIterator[tuple[tuple[str, int, int], Any]]:
        async with self._consumer() as consumer:
            places = await self._places()
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            while any([await consumer.position(place) < end for place, end in ends.items()]):
                for place, records in (await consumer.getmany(timeout_ms=500)).items():
                    for record in records:
                        yield (place.topic, place.partition, record.offset), record

    async def _places(self) -> list[TopicPartition]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.facts["kafka"])
        await admin.start()
        try:
            topics = await admin.describe_topics(await admin.list_topics())
            return [TopicPartition(each["topic"], part["partition"]) for each in topics for part in each["partitions"]]
        finally:
            await admin.close()

    async def tables(self, service: str, without: Collection[str] = ()) -> dict[str, list[str]]:
        """Each table's rows as text, an event's bytes as the text that they are."""
        async with self.database(service) as engine, engine.connect() as connection:
            names = (await connection.scalars(_TABLES, {"schema": service})).all()
            return {
                name: list(await connection.scalars(text(f"SELECT {_text(name)} FROM {name} AS one")))  # noqa: S608
                for name in names
                if name not in without
            }


def _text(table: str) -> str:
    return "convert_from(value, 'UTF8')" if table == "journal" else "CAST(one AS text)"


_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema ORDER BY tablename")
