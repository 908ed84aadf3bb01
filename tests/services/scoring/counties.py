"""One invented county as the processes see it: batches by the worker, requests by the api."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from typing import Any

from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bus.outbox import Outbox
from bus.subscriptions import Read
from contracts import topics
from kit.database import Sessions
from kit.tokens import Principal, fixed_keys
from scoring import consumers
from scoring.app import build_api
from scoring.consumers import Seen
from scoring.events import Cause
from scoring.ids import BookId, CountyId
from scoring.judgements import handlers as judgements
from scoring.ledger import handlers as ledger
from scoring.ledger.handlers import Told
from scoring.metadata import BUS
from scoring.periods import handlers as periods
from scoring.periods.handlers import OpenPeriod
from scoring.rulebooks import handlers as rulebooks
from scoring.settings import ScoringSettings
from scoring.work import Work
from services.scoring import envelopes
from services.scoring.envelopes import new_id
from services.scoring.histories import Arrival
from support.front import Client

KEY = ECKey.generate_key("P-256", {"kid": "test", "use": "sig", "alg": "ES256"})
SETTINGS = ScoringSettings.model_validate(
    {
        "database_url": "postgresql+asyncpg://nowhere/jinqiu",
        "database_password": "unused",
        "kafka_bootstrap": "nowhere:9092",
        "http_port": 1,
        "metrics_port": 1,
        "issuer": "https://jinqiu.test",
        "audience": "scoring",
        "jwks_url": "http://nowhere/jwks.json",
    }
)


@dataclass
class County:
    api: AsyncEngine
    worker: AsyncEngine
    id: CountyId = field(default_factory=lambda: CountyId(new_id()))
    now: datetime = datetime(2022, 10, 1, 2, tzinfo=UTC)

    @property
    def admin(self) -> Principal:
        return Principal(new_id(), self.id, "county_admin")

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[Work]:
        async with Sessions(self.worker).begin(None) as session:
            yield Work(session, Outbox(session, BUS, "scoring"), self.now, None, new_id())

    @asynccontextmanager
    async def request(self) -> AsyncIterator[Work]:
        async with Sessions(self.api).begin(self.id) as session:
            yield Work(session, Outbox(session, BUS, "scoring"), self.now, self.id, new_id())

    def app(self) -> FastAPI:
        return build_api(SETTINGS, self.api, fixed_keys(KeySet([KEY])))

    def client(
        self, role: str = "desk", *, organisations: Sequence[str] = (), person: str | None = None, of: str | None = None
    ) -> Client:
        """Somebody of this role, of this county unless another is named."""
        claims = {
            "iss": SETTINGS.issuer,
            "aud": SETTINGS.audience,
            "exp": int(time.time()) + 600,
            "sub": new_id(),
            "role": role,
            "county": None if role == "operator" else of or self.id,
            "organisations": list(organisations),
            "person": person,
        }
        return Client(self.app(), jwt.encode({"alg": "ES256", "kid": "test"}, claims, KEY))

    def at(self, day: date, role: str = "county_admin", **more: Any) -> Client:
        """The same on another day, at noon in Shanghai, over the real app."""
        client, noon = self.client(role, **more), datetime.combine(day, time_of_day(4), UTC)
        client.app.state.shell = replace(client.app.state.shell, clock=lambda: noon)
        return client

    async def hear_of(self) -> None:
        await self.apply([envelopes.read(topics.COUNTY, envelopes.county_event(self.id))])

    async def is_known(self) -> bool:
        return bool(await self.rows("SELECT 1 FROM counties WHERE county = :county AND version > 0"))

    async def apply(self, reads: Sequence[Read[Seen]]) -> None:
        """Apply a batch as the runner does, but once: a dead lock is a fault."""
        async with self.batch() as work:
            await consumers.apply(work, reads)

    async def decide(self, arrivals: Sequence[Arrival]) -> None:
        """Keep what people decided as a request does: confirmed judgements and exemptions come over HTTP."""
        async with self.request() as work:
            await self.decided(work, arrivals)

    async def decided(self, work: Work, arrivals: Sequence[Arrival]) -> None:
        rules = await periods.hold(work, {self.id})
        told = [Told(self.id, each.person, Cause(work.correlation), each.news) for each in arrivals]
        await judgements.follow(work, await ledger.fold(work, told, rules), rules)

    async def sweep(self) -> int:
        async with self.batch() as work:
            return len(await consumers.rate_left_behind(work))

    async def draft(self, document: dict[str, Any], by: Principal | None = None) -> BookId:
        async with self.request() as work:
            return (await rulebooks.draft_book(work, document, by or self.admin)).id

    async def adopt(self, document: dict[str, Any]) -> BookId:
        """Draft a book, and let a second admin adopt it."""
        book = await self.draft(document)
        async with self.request() as work:
            await rulebooks.adopt_book(work, book, 1, self.admin)
        return book

    async def open(self, quarter: str, book: str) -> None:
        async with self.request() as work:
            await periods.open_period(work, OpenPeriod(quarter, book), self.admin)

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        """What the database holds; `:county` is this one."""
        async with Sessions(self.worker).begin(None) as session:
            return list((await session.execute(text(statement), {"county": self.id, **values})).all())
