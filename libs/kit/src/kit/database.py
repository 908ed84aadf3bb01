"""PostgreSQL under SQLAlchemy: one engine a process, one transaction a use case, the county set before the first row.

Row-level security reads `app.county`; it is set when a transaction begins, so that no statement can run without it.
"""

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Identity, Integer, MetaData, Table, Text, event, func, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction

NO_COUNTY = ""
"""What `app.county` holds for an operator's request: no row of any county equals it."""


def connect(  # noqa: PLR0913 — each is a fact of the process
    url: str, password: str, *, application: str, schema: str, pool: int = 10, patience_s: int = 0
) -> AsyncEngine:
    """Make the engine of one process; errors never carry the statement's parameters (they may hold names).

    `patience_s` is how long a statement may take, and a third of it how long it may wait for a lock; 0: for ever.
    """
    settings = {
        "application_name": application,
        "search_path": schema,
        "timezone": "UTC",
        "statement_timeout": str(patience_s * 1000),
        "lock_timeout": str(patience_s * 1000 // 3),
    }
    return create_async_engine(
        make_url(url).set(password=password),
        pool_size=pool,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"server_settings": settings},
    )


class CountySession(Session):
    """A session that tells PostgreSQL its county as soon as a transaction begins."""


@event.listens_for(CountySession, "after_begin")
def _tell_the_county(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    connection.execute(_SET_COUNTY, {"county": session.info["county"]})


_SET_COUNTY = text("SELECT set_config('app.county', :county, true)")


class Sessions:
    """Opens transactions. Only the edges (the HTTP dependency, the consumer runner, a command) do so and commit."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @asynccontextmanager
    async def begin(self, county: str | None) -> AsyncIterator[AsyncSession]:
        """One transaction: committed on leaving, rolled back when an error leaves."""
        info: dict[Any, Any] = {"county": county or NO_COUNTY}
        session = AsyncSession(self.engine, sync_session_class=CountySession, expire_on_commit=False, info=info)
        async with session, session.begin():
            yield session


@asynccontextmanager
async def inside(session: AsyncSession, county: str) -> AsyncIterator[None]:
    """Let an operator's transaction act in one county for a few statements, then step out of it again."""
    before = session.info["county"]
    await _move(session, county)
    yield
    await _move(session, before)


async def _move(session: AsyncSession, county: str) -> None:
    await session.flush()
    session.info["county"] = county
    await session.execute(_SET_COUNTY, {"county": county})


@dataclass(frozen=True, slots=True)
class KitTables:
    """The tables that kit brings into a service's schema (migration step 1 of `kit.migrations`)."""

    idempotency: Table
    audit: Table


def tables(metadata: MetaData) -> KitTables:
    """Idempotency keys (status and resource id only, for ever) and the audit trail (ids and reasons, no content)."""

    def now(name: str) -> Column[datetime.datetime]:
        return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())

    idempotency = Table(
        "idempotency",
        metadata,
        Column("county", Text, primary_key=True),
        Column("principal", Text, primary_key=True),
        Column("route", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("request_hash", Text, nullable=False),
        Column("status", Integer),
        Column("resource", Text),
        Column("etag", BigInteger),
        now("created_at"),
    )
    audit = Table(
        "audit",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("county", Text, nullable=False, index=True),
        now("at"),
        Column("actor", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("field", Text),
        Column("reason", Text),
        Column("request_id", Text),
    )
    return KitTables(idempotency, audit)
