"""The edge of an HTTP write: one transaction, committed before the answer is sent, remembered under its key.

A router asks for an `Edge`, calls one handler with `edge.work` and answers `await edge.created(id)`. It never commits.
Every POST answers `{"id": …}`, so that a repeated key can be answered the same from status and resource id alone.
"""

import base64
import datetime
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import quote

import orjson
import structlog
from fastapi import Depends, Header, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from sqlalchemy import Table, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import NO_COUNTY, Sessions
from kit.problems import Answer
from kit.tokens import NotSignedIn, Principal, Verifier

W = TypeVar("W")
T = TypeVar("T")
MakeWork = Callable[[AsyncSession, str | None, datetime.datetime], Any]
BODY = "jinqiu.body"
"""Where the request's scope keeps the body, which the key's hash needs after FastAPI has read it."""


class KeyMissing(Exception):
    """A POST without an Idempotency-Key."""


class KeyReused(Exception):
    """The key was used before for another content."""


class NotKnownYet(Exception):
    """What the request names has not arrived here yet; it may a moment later."""


class StaleVersion(Exception):
    """If-Match names another version than the one that is stored."""


class MatchMissing(Exception):
    """A change without If-Match."""


class BadCursor(Exception):
    """A page cursor that we did not make."""


ERRORS = {
    KeyMissing: Answer(400, "idempotency-key-missing", "缺少请求键"),
    KeyReused: Answer(422, "idempotency-key-reused", "请求键重复"),
    StaleVersion: Answer(412, "stale-version", "内容已被他人修改"),
    MatchMissing: Answer(428, "if-match-missing", "缺少版本号"),
    BadCursor: Answer(400, "bad-cursor", "页码有误"),
    NotSignedIn: Answer(401, "not-signed-in", "尚未登录", {"WWW-Authenticate": "Bearer"}),
}


class Created(BaseModel):
    """What every POST answers."""

    id: str


class Replayed(Exception):
    """The key was used before for the same content: the first answer is given again."""

    def __init__(self, status: int, resource: str, etag: int | None) -> None:
        super().__init__("replayed")
        self.status, self.resource, self.etag = status, resource, etag


@dataclass(frozen=True, slots=True)
class Shell:
    """What the edges of one process stand on; `app.state.shell`."""

    sessions: Sessions
    verifier: Verifier
    make_work: MakeWork
    idempotency: Table
    clock: Callable[[], datetime.datetime] = field(default=lambda: datetime.datetime.now(datetime.UTC))
    hash_key: bytes = b""
    """Keys the hashes of requests, which are kept for ever: a plain one of a body with a password can be guessed."""


@dataclass(slots=True)
class Edge(Generic[W]):
    """One write: the unit of work and who asks."""

    work: W
    by: Principal
    session: AsyncSession
    request: Request
    response: Response
    _key: dict[str, str] | None = None
    _table: Table | None = None

    async def created(self, id: str, *, etag: int | None = None) -> Created:  # noqa: A002 — the answer's field
        """Remember the answer under the key and give it."""
        if etag is not None:
            set_etag(self.response, etag)
        if self._key is not None and self._table is not None:
            row = [self._table.c[name] == value for name, value in self._key.items()]
            status = self.request.scope["route"].status_code or 200
            await self.session.execute(update(self._table).where(*row).values(status=status, resource=id, etag=etag))
            self._key = None
        return Created(id=id)

    def answered(self) -> bool:
        return self._key is None


_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="A token of `POST /tokens`.")


async def principal(
    request: Request, token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    """Who asks. Raises NotSignedIn."""
    if token is None or not token.credentials:
        raise NotSignedIn("请先登录。")
    shell: Shell = request.app.state.shell
    by = await shell.verifier.principal(token.credentials)
    structlog.contextvars.bind_contextvars(county=by.county)
    return by


Asker = Annotated[Principal, Depends(principal)]


async def _write_edge(
    request: Request,
    response: Response,
    by: Asker,
    idempotency_key: Annotated[str | None, Header(min_length=8, max_length=200)] = None,
) -> AsyncIterator[Edge[Any]]:
    shell: Shell = request.app.state.shell
    if request.method == "POST" and idempotency_key is None:
        raise KeyMissing("每次提交都要带 Idempotency-Key，以免重复登记。")
    async with shell.sessions.begin(by.county) as session:
        work = shell.make_work(session, by.county, shell.clock())
        edge: Edge[Any] = Edge(work, by, session, request, response)
        if request.method == "POST" and idempotency_key is not None:
            edge._key = await _claim(session, shell, by, request, idempotency_key)  # noqa: SLF001
            edge._table = shell.idempotency  # noqa: SLF001
        yield edge
        if not edge.answered():
            raise RuntimeError("a POST route must answer with edge.created")


async def _read_edge(request: Request, response: Response, by: Asker) -> AsyncIterator[Edge[Any]]:
    """One read: the same shape as a write, without a key."""
    shell: Shell = request.app.state.shell
    async with shell.sessions.begin(by.county) as session:
        yield Edge(shell.make_work(session, by.county, shell.clock()), by, session, request, response)


# FastAPI's default scope would commit after the answer was sent; so no service spells these itself.
Write = Annotated[Edge[W], Depends(_write_edge, scope="function")]
"""What a route that changes something asks for: `Write[Work]`."""
Read = Annotated[Edge[W], Depends(_read_edge, scope="function")]
"""What a route that only looks asks for: `Read[Work]`."""


async def _claim(session: AsyncSession, shell: Shell, by: Principal, request: Request, key: str) -> dict[str, str]:
    """Insert the key's row first, so that a second request with it waits for this one's end."""
    table = shell.idempotency
    route = f"{request.method} {quote(request.url.path)}"  # quoted: PostgreSQL refuses some of what a path may hold
    known_as = hashlib.sha256(key.encode()).hexdigest()  # a client makes a key of anything, of a name too
    row = {"county": by.county or NO_COUNTY, "principal": by.user, "route": route, "key": known_as}
    content = request.url.query.encode() + b"\n" + request.scope[BODY]
    asked = hmac.digest(shell.hash_key, content, "sha256").hex()
    new = insert(table).values(**row, request_hash=asked).on_conflict_do_nothing().returning(table.c.key)
    if (await session.execute(new)).first() is None:
        same = [table.c[name] == value for name, value in row.items()]
        before = (await session.execute(select(table).where(*same))).one()
        if before.request_hash != asked:
            raise KeyReused("这个 Idempotency-Key 已经用于另一项内容；新的内容请换一个新的键。")
        raise Replayed(before.status, before.resource, before.etag)
    return row


def set_etag(response: Response, version: int) -> None:
    response.headers["ETag"] = etag_of(version)


def etag_of(version: int) -> str:
    return f'"{version}"'


def if_match(if_match: Annotated[str | None, Header()] = None) -> int:
    """The version that the caller has seen. Raises MatchMissing, or StaleVersion for a text that is none of ours."""
    if if_match is None:
        raise MatchMissing("修改前请先读取最新内容，并带上 If-Match。")
    if not ((text := if_match.removeprefix("W/").strip('"')).isascii() and text.isdigit()):
        raise StaleVersion("If-Match 不是有效的版本号，请重新读取后再改。")
    return int(text)


IfMatch = Annotated[int, Depends(if_match)]


def require_version(seen: int, stored: int) -> None:
    if seen != stored:
        raise StaleVersion("这条内容在您打开之后已被他人修改，请重新读取后再改。")


class Page(BaseModel, Generic[T]):
    """A page of a list; `next` is the cursor of the following one, null on the last."""

    items: list[T]
    next: str | None


@dataclass(frozen=True, slots=True)
class PageQuery:
    """Which page: how many items, after which key."""

    limit: int
    after: tuple[Any, ...] | None


def page_query(
    limit: Annotated[int, Query(ge=1, le=500)] = 100, cursor: Annotated[str | None, Query(max_length=500)] = None
) -> PageQuery:
    if cursor is None:
        return PageQuery(limit, None)
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor.encode() + b"=="))
        return PageQuery(limit, tuple(key))
    except (ValueError, TypeError):
        raise BadCursor("cursor 有误，请从第一页重新翻起。") from None


Paging = Annotated[PageQuery, Depends(page_query)]


def page(rows: list[T], query: PageQuery, key: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """Cut a page from `limit + 1` rows read after the cursor's key, in the key's order."""
    items = rows[: query.limit]
    last = key(items[-1]) if len(rows) > query.limit else None
    return Page(items=items, next=base64.urlsafe_b64encode(orjson.dumps(last)).decode().rstrip("=") if last else None)
