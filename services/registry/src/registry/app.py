"""The composition root: settings become an engine, an API, a worker; the only place that knows all of registry."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from uuid_utils import uuid7

import registry.activities.api
import registry.audit.api
import registry.counties.api
import registry.departures.api
import registry.memberships.api
import registry.merging.api
import registry.organisations.api
import registry.people.api
import registry.rosters.api
import registry.taxonomies.api
import registry.users.api
from bus.kafka import Kafka
from bus.outbox import Outbox
from bus.relay import Relay
from bus.settings import kafka_of
from bus.worker import run_worker
from kit.commands import MakeWork, Shell
from kit.database import Sessions, connect
from kit.http import create_app
from kit.problems import Answer
from kit.tokens import Verifier, fixed_keys
from registry.ids import CountyId
from registry.metadata import BUS, KIT
from registry.sealing import Seals
from registry.settings import ApiSettings, RegistrySettings
from registry.signing import Issuer
from registry.work import Work

SERVICE = "registry"
API_PATIENCE_S = 30
NOUNS = (
    registry.users.api,
    registry.counties.api,
    registry.people.api,
    registry.rosters.api,
    registry.taxonomies.api,
    registry.organisations.api,
    registry.memberships.api,
    registry.activities.api,
    registry.departures.api,
    registry.merging.api,
    registry.audit.api,
)


def engine_of(settings: RegistrySettings, process: str) -> AsyncEngine:
    return connect(
        settings.database_url,
        settings.database_password.get_secret_value(),
        application=f"{SERVICE}-{process}",
        schema=SERVICE,
        pool=settings.database_pool,
        patience_s=API_PATIENCE_S if process == "api" else 0,
    )


def make_work_with(seals: Seals) -> MakeWork:
    """One unit of work a transaction; the request's id is what all of its events and traces go back to."""

    def make(session: AsyncSession, county: str | None, now: datetime) -> Work:
        request = structlog.contextvars.get_contextvars().get("request") or str(uuid7())
        return Work(
            session,
            Outbox(session, BUS, SERVICE),
            seals,
            now=now,
            county=CountyId(county) if county else None,
            correlation=request,
        )

    return make


def build_api(settings: ApiSettings, engine: AsyncEngine) -> FastAPI:
    seals = Seals(settings.field_keys(), settings.lookup_bytes())
    issuer = Issuer.of_pem(
        settings.signing_key.get_secret_value(), settings.issuer, settings.token_audiences, settings.token_lifetime
    )
    shell = Shell(
        sessions=Sessions(engine),
        verifier=Verifier(settings.issuer, settings.audience, fixed_keys(issuer.public_keys())),
        make_work=make_work_with(seals),
        idempotency=KIT.idempotency,
        hash_key=seals.key_for("requests"),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    app = create_app(SERVICE, shell=shell, routers=[noun.router for noun in NOUNS], errors=_errors(), lifespan=lifespan)
    app.state.issuer = issuer
    app.include_router(registry.users.api.keys)
    return app


def _errors() -> Mapping[type[Exception], Answer]:
    table: dict[type[Exception], Answer] = {}
    for noun in NOUNS:
        table |= getattr(noun, "ERRORS", {})
    return table


def servers(settings: RegistrySettings, process: str) -> tuple[Sessions, Kafka]:
    return Sessions(engine_of(settings, process)), kafka_of(settings)


async def work(settings: RegistrySettings) -> None:
    """Run the relay; registry has no consumer."""
    sessions, kafka = servers(settings, "worker")
    relay = Relay(sessions.engine, SERVICE, kafka)
    try:
        await run_worker(SERVICE, sessions, relay, None, host=settings.http_host, port=settings.metrics_port)
    finally:
        await sessions.engine.dispose()
