"""`neighbours["registry"]`, `["scoring"]`, `["tallies"]`: two counties in a database of their own, once per worker."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import pytest_asyncio
from fastapi import FastAPI
from joserfc.jwk import KeySet
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import connect
from kit.tokens import fixed_keys
from scoring.app import build_tallies
from scoring.closing.domain import Heard, NotHeard
from scoring.tallies.handlers import Tallies
from services.scoring import counties
from services.scoring.counties import County
from stack.postgres import Role
from support import other_county_registry, other_county_scoring
from support.canaries import CANARY, PLAIN
from support.databases import Database, Databases
from support.front import Client, Front
from support.other_county_neighbours import Neighbours, Signer

SECRET = replace(CANARY, public=CANARY.word)  # to a stranger a county's own codes are nothing public


@dataclass(frozen=True)
class InProcess:
    front: Front

    @property
    def operator(self) -> Client:
        return self.front.operator

    def signed_in(self, token: str | None) -> Client:
        return Client(self.front.app, token)


@pytest_asyncio.fixture(scope="package")
async def neighbours(databases: Databases) -> AsyncIterator[dict[str, Neighbours]]:
    async with AsyncExitStack() as open_:
        scoring = await open_.enter_async_context(_scoring(databases))
        yield {
            "registry": await open_.enter_async_context(_registry(databases)),
            "scoring": scoring,
            "tallies": replace(scoring, app=await _tallies(scoring)),
        }


@asynccontextmanager
async def _registry(databases: Databases) -> AsyncIterator[Neighbours]:
    async with _database(databases, "registry") as (database, superuser), _engine(database.api, "registry") as api:
        front = Front(api, database.api.url, database.api.password)
        a, b = [await other_county_registry.settle(InProcess(front), like) for like in (SECRET, PLAIN)]
        issuer = front.app.state.issuer
        signer = Signer(issuer.key, issuer.issuer, "registry")
        yield await Neighbours(front.app, signer, superuser, "registry", a, b).known()


@asynccontextmanager
async def _scoring(databases: Databases) -> AsyncIterator[Neighbours]:
    async with AsyncExitStack() as open_:
        database, superuser = await open_.enter_async_context(_database(databases, "scoring"))
        api = await open_.enter_async_context(_engine(database.api, "scoring"))
        worker = await open_.enter_async_context(_engine(database.worker, "scoring"))
        towns = ((SECRET, 2019), (PLAIN, 2020))
        a, b = [await other_county_scoring.settle(County(api, worker), like, year) for like, year in towns]
        signer = Signer(counties.KEY, counties.SETTINGS.issuer, counties.SETTINGS.audience)
        app = County(api, worker).app()
        app.state.listen = hear_nothing  # there is no Kafka, and waiting for it would take its time
        yield await Neighbours(app, signer, superuser, "scoring", a, b).known()


async def _tallies(scoring: Neighbours) -> FastAPI:
    """The stream's server, once it has heard all that scoring has published of both counties."""
    async with scoring.superuser.connect() as connection:
        told = await connection.scalars(text("SELECT value FROM scoring.journal WHERE topic = 'scoring.points'"))
        live = Tallies(recovered=True)
        assert live.hear(told)

    async def alive() -> None:
        return

    keys = fixed_keys(KeySet([counties.KEY]))
    return build_tallies(counties.SETTINGS, scoring.superuser, live, alive=alive, keys=keys)


async def hear_nothing() -> list[Heard]:
    raise NotHeard


@asynccontextmanager
async def _database(databases: Databases, service: str) -> AsyncIterator[tuple[Database, AsyncEngine]]:
    database = databases.migrated(service)
    superuser = Role("postgres", databases.address.password, databases.address.port, database.name)
    try:
        async with _engine(superuser, service) as engine:
            yield database, engine
    finally:
        databases.drop(database)


@asynccontextmanager
async def _engine(role: Role, schema: str) -> AsyncIterator[AsyncEngine]:
    engine = connect(role.url, role.password, application="second county", schema=schema, pool=4)
    try:
        yield engine
    finally:
        await engine.dispose()
