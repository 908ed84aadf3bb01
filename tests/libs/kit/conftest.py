"""A trial service of one table, to prove the edge on: `client` speaks to it as anybody of any county."""

import datetime
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from kit import commands
from kit.commands import (
    Created,
    IfMatch,
    NotKnownYet,
    Shell,
    require_version,
)
from kit.database import Sessions, connect, tables
from kit.http import CommandMiddleware, create_app
from kit.migrations import migrate
from kit.problems import Answer, ErrorTable
from kit.tokens import NotSignedIn, Principal

Write = commands.Write[AsyncSession]
Read = commands.Read[AsyncSession]
MIGRATIONS = Path(__file__).parent / "trial_migrations"
HERE = "(SELECT current_setting('app.county'))"


class Refused(Exception):
    """The trial's domain says no."""


class Thing(BaseModel, extra="forbid"):
    id: str = Field(max_length=20)
    twin: str | None = None


class AnybodyVerifier:
    """Believes `county/role`; the real verifier has tests of its own."""

    async def principal(self, token: str) -> Principal:
        county, _, role = token.partition("/")
        if not role:
            raise NotSignedIn("登录已失效,请重新登录。")
        return Principal(f"user-of-{county}", county or None, role)


def make_router(early: list[int]) -> APIRouter:
    router = APIRouter()

    @router.post("/things", status_code=201)
    async def add(body: Thing, edge: Write) -> Created:
        row = {"id": body.id, "twin": body.twin}
        await edge.session.execute(text(f"INSERT INTO thing VALUES ({HERE}, :id, :twin)"), row)  # noqa: S608
        return await edge.created(body.id, etag=1)

    @router.post("/refusals", status_code=201)
    async def refuse(body: Thing, edge: Write) -> Created:
        await edge.session.execute(text(f"INSERT INTO thing VALUES ({HERE}, :id)"), {"id": body.id})  # noqa: S608
        raise Refused("不行。")

    @router.post("/silences", status_code=201)
    async def say_nothing(edge: Write) -> Created:
        return Created(id=str(edge.by.user))

    @router.post("/arrivals", status_code=201)
    async def wait_for_it(body: Thing, edge: Write) -> Created:
        await edge.session.execute(text(f"INSERT INTO thing VALUES ({HERE}, :id)"), {"id": body.id})  # noqa: S608
        early[0] -= 1
        if early[0] >= 0:
            raise NotKnownYet("这个人的登记还没有同步过来。")
        return await edge.created(body.id)

    @router.patch("/things/{thing}")
    async def change(thing: str, seen: IfMatch, edge: Write) -> dict[str, str]:
        require_version(seen, 1)
        return {"id": thing, "by": edge.by.user}

    @router.get("/things")
    async def show(edge: Read) -> list[str]:
        return [id_ for (id_,) in await edge.session.execute(text("SELECT id FROM thing ORDER BY id"))]

    return router


class Trial:
    """The trial service and a way to call it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.early = [0]
        clock: Callable[[], datetime.datetime] = lambda: datetime.datetime(2022, 3, 31, tzinfo=datetime.UTC)  # noqa: E731
        verifier: Any = AnybodyVerifier()
        shell = Shell(Sessions(engine), verifier, lambda session, *_: session, tables(MetaData()).idempotency, clock)
        errors: ErrorTable = {Refused: Answer(409, "refused", "不能办理")}
        self.app = app = create_app(
            "trial", shell=shell, routers=[make_router(self.early)], errors=errors, max_body=10_000
        )
        for layer in app.user_middleware:
            if str(layer.cls) == str(CommandMiddleware):
                layer.kwargs["patience_s"] = 0.01
        transport = httpx.ASGITransport(app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://trial/api/v1")

    async def post(self, path: str, body: Any, *, key: str | None = "a-key-of-eight", who: str = "c1/desk") -> Any:
        headers = {"Authorization": f"Bearer {who}"} | ({"Idempotency-Key": key} if key else {})
        return await self.client.post(path, json=body, headers=headers)

    async def things(self, who: str = "c1/desk") -> Any:
        return (await self.client.get("/things", headers={"Authorization": f"Bearer {who}"})).json()


@pytest_asyncio.fixture
async def trial(empty_database: Callable[[str], Any]) -> AsyncIterator[Trial]:
    made = empty_database("trial")
    owner = connect(made.owner.url, made.owner.password, application="test", schema="trial")
    await migrate(owner, MIGRATIONS)
    await owner.dispose()
    engine = connect(made.api.url, made.api.password, application="test", schema="trial")
    one = Trial(engine)
    yield one
    await one.client.aclose()
    await engine.dispose()
