"""The composition root: settings become an engine, an API, a worker; the only place that knows all of scoring."""

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from uuid_utils import uuid7

import scoring.closing.api
import scoring.exemptions.api
import scoring.explanations.api
import scoring.judgements.api
import scoring.notices.api
import scoring.objections.api
import scoring.periods.api
import scoring.rulebooks.api
import scoring.tallies.api
import scoring.whatif.api
import scoring.years.api
from bus.errors import KafkaAway
from bus.kafka import Kafka
from bus.lag import lag
from bus.outbox import Outbox
from bus.relay import Relay
from bus.settings import kafka_of
from bus.subscriptions import Listener
from bus.worker import run_worker
from kit.commands import Shell
from kit.database import Sessions, connect
from kit.http import Check, create_app
from kit.problems import Answer
from kit.tokens import Keys, Verifier, remote_keys
from scoring.access import Forbidden
from scoring.closing.domain import Heard, Listen, NotHeard
from scoring.consumers import GROUP, SOURCES, SUBSCRIPTIONS, Ledger
from scoring.ids import CountyId
from scoring.metadata import BUS, KIT
from scoring.settings import ScoringSettings, StreamSettings
from scoring.tallies.handlers import Tallies
from scoring.work import NoCounty, Work

SERVICE = "scoring"
API_PATIENCE_S = 30
LISTEN_PATIENCE_S = 3
NOUNS = (
    scoring.rulebooks.api,
    scoring.whatif.api,
    scoring.periods.api,
    scoring.closing.api,
    scoring.judgements.api,
    scoring.exemptions.api,
    scoring.notices.api,
    scoring.years.api,
    scoring.objections.api,
    scoring.explanations.api,
)


def engine_of(settings: ScoringSettings, process: str) -> AsyncEngine:
    return connect(
        settings.database_url,
        settings.database_password.get_secret_value(),
        application=f"{SERVICE}-{process}",
        schema=SERVICE,
        pool=settings.database_pool,
        patience_s=API_PATIENCE_S if process == "api" else 0,
    )


def make_work(session: AsyncSession, county: str | None, now: datetime) -> Work:
    """One unit of work a transaction; the request's id is what all of its events go back to."""
    request = structlog.contextvars.get_contextvars().get("request") or str(uuid7())
    outbox = Outbox(session, BUS, SERVICE)
    return Work(session, outbox, now, CountyId(county) if county else None, request)


def batch_work(session: AsyncSession) -> Work:
    """The unit of work of a batch, which may mix counties."""
    return make_work(session, None, datetime.now(UTC))


def listener() -> Listener[Work]:
    return Listener(GROUP, SUBSCRIPTIONS, batch_work)


def build_api(settings: ScoringSettings, engine: AsyncEngine, keys: Keys | None = None) -> FastAPI:
    keys = keys or remote_keys(settings.jwks_url)
    shell = _shell(settings, engine, keys)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    async def issuer() -> None:
        await keys(False)

    routers = [noun.router for noun in NOUNS]
    checks = {"issuer": issuer}
    app = create_app(SERVICE, shell=shell, routers=routers, errors=_errors(), checks=checks, lifespan=lifespan)
    app.state.listen = ears(kafka_of(settings))
    return app


def _shell(settings: ScoringSettings, engine: AsyncEngine, keys: Keys) -> Shell:
    return Shell(
        sessions=Sessions(engine),
        verifier=Verifier(settings.issuer, settings.audience, keys),
        make_work=make_work,
        idempotency=KIT.idempotency,
    )


def build_tallies(
    settings: ScoringSettings, engine: AsyncEngine, tallies: Tallies, *, alive: Check, keys: Keys | None = None
) -> FastAPI:
    """The stream's own server: live tallies, and whether its process is well."""

    async def recovered() -> None:
        tallies.require_recovered()

    noun = scoring.tallies.api
    app = create_app(
        SERVICE,
        shell=_shell(settings, engine, keys or remote_keys(settings.jwks_url)),
        routers=[noun.router],
        errors={**_REFUSALS, **noun.ERRORS},
        checks={"rows": recovered},
        alive=alive,
    )
    app.state.tallies = tallies
    return app


def ears(kafka: Kafka) -> Listen:
    """Make what tells how far the worker is behind everything that it listens to."""

    async def listen() -> list[Heard]:
        try:
            found = await lag(kafka, GROUP, [source.topic.name for source in SOURCES], LISTEN_PATIENCE_S)
        except KafkaAway as error:
            raise NotHeard from error
        return [Heard(each.topic, each.behind, each.last_spoke) for each in found]

    return listen


_REFUSALS: Mapping[type[Exception], Answer] = dict.fromkeys((Forbidden, NoCounty), Answer(403, "forbidden", "没有权限"))


def _errors() -> Mapping[type[Exception], Answer]:
    table = dict(_REFUSALS)
    for noun in NOUNS:
        table |= noun.ERRORS
    return table


def servers(settings: ScoringSettings, process: str) -> tuple[Sessions, Kafka]:
    """What the worker and the operator's commands stand on; nothing is opened yet."""
    return Sessions(engine_of(settings, process)), kafka_of(settings)


def collect_rarely() -> None:
    """A batch makes and drops a hundred thousand small values; looking for rings among them took a third of it."""
    gc.freeze()
    gc.set_threshold(200_000, 10, 50)


async def work(settings: ScoringSettings) -> None:
    """Fold what registry tells, rate what an opening left behind, and relay what was published."""
    collect_rarely()
    sessions, kafka = servers(settings, "worker")
    consumer = Ledger(SERVICE, listener(), sessions, kafka)
    relay = Relay(sessions.engine, SERVICE, kafka)
    try:
        await run_worker(SERVICE, sessions, relay, consumer, host=settings.http_host, port=settings.metrics_port)
    finally:
        await sessions.engine.dispose()


async def stream(settings: StreamSettings) -> None:
    """Keep the live tallies of all counties. Raises CannotStart."""
    sessions, kafka = servers(settings, "stream")
    try:
        await keep_tallies(settings, sessions, kafka)
    finally:
        await sessions.engine.dispose()


async def keep_tallies(settings: StreamSettings, sessions: Sessions, kafka: Kafka, keys: Keys | None = None) -> None:
    """Be the one stream process. Raises CannotStart if there is another one, or Kafka is not as it must be."""
    from scoring import live  # noqa: PLC0415 — Faust is loaded by the process that uses it and by no other

    async with live.alone(sessions.engine) as hold:
        made = live.stream(kafka, Tallies(), await live.ground(kafka))

        async def alive() -> None:
            made.require_alive()

        app = build_tallies(settings, sessions.engine, made.tallies, alive=alive, keys=keys)
        await live.run(made, hold, sessions, kafka, app, host=settings.http_host, port=settings.stream_port)
