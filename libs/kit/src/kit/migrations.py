"""Alembic for one service's schema: one migrator at a time, and no lock that makes the clerks wait.

A service's `migrations/env.py` is one line, `run(metadata)`; `migrate` is what `<service> migrate` calls.
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine

LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "600s"
_LOCK = "hashtext('migrate ' || current_schema())"


class Operations(Protocol):
    """What the steps need of `alembic.op`, which is a module that stands for an object."""

    @property
    def create_table(self) -> Any: ...

    @property
    def create_index(self) -> Any: ...

    @property
    def drop_table(self) -> Any: ...

    def execute(self, sqltext: str, /) -> None: ...


async def migrate(engine: AsyncEngine, scripts: Path, revision: str = "head") -> None:
    """Bring the schema to the revision. The engine is the owner's; its `search_path` names the schema."""
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))

    def upgrade(connection: Connection) -> None:
        config.attributes["connection"] = connection
        if revision == "base":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)

    async with engine.connect() as connection:
        await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        await connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
        # Waits in small steps instead of inside PostgreSQL, where lock_timeout would end a patient second migrator.
        while not (await connection.execute(text(f"SELECT pg_try_advisory_lock({_LOCK})"))).scalar_one():  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        await connection.commit()
        try:
            await connection.run_sync(upgrade)
            await connection.commit()
        finally:
            await connection.rollback()
            await connection.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))
            await connection.commit()


def run(metadata: MetaData) -> None:
    """Run what Alembic was asked for, on the connection that `migrate` opened."""
    connection: Connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def fence(op: Operations, names: Iterable[str]) -> None:
    """Put tables with a `county` column under row-level security: the api role sees its request's county only."""
    for name in names:
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        inside = "county = (SELECT current_setting('app.county', true))"
        op.execute(f"CREATE POLICY county_fence ON {name} USING ({inside}) WITH CHECK ({inside})")


def append_only(op: Operations, names: Iterable[str]) -> None:
    """Take from the api role what would let it change or remove a row of these tables."""
    for name in names:
        op.execute(f"""
            DO $$ BEGIN
                EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM %I', current_schema() || '_api');
            END $$""")


def step_1(op: Operations) -> None:
    """Create kit's tables. A step never changes once released; a test compares the steps with `kit.database.tables`."""
    op.execute("""
        CREATE TABLE idempotency (
            county text NOT NULL, principal text NOT NULL, route text NOT NULL, key text NOT NULL,
            request_hash text NOT NULL, status integer, resource text, etag bigint,
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (county, principal, route, key)
        )""")
    op.execute("""
        CREATE TABLE audit (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            county text NOT NULL, at timestamptz NOT NULL DEFAULT now(),
            actor text NOT NULL, action text NOT NULL, subject text NOT NULL,
            field text, reason text, request_id text
        )""")
    op.execute("CREATE INDEX ix_audit_county ON audit (county)")
    fence(op, ("idempotency", "audit"))
    append_only(op, ("audit",))
