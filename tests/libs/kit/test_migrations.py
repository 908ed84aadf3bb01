"""Migrations: one migrator at a time, steps equal to the tables that the code uses, county fences that bite."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError

from kit import migrations
from kit.database import connect, tables
from kit.migrations import migrate

MIGRATIONS = Path(__file__).parent / "trial_migrations"


async def test_two_migrators_at_once_do_the_work_once(empty_database: Callable[[str], Any]) -> None:
    made = empty_database("trial")
    owners = [connect(made.owner.url, made.owner.password, application="test", schema="trial") for _ in range(2)]
    await asyncio.gather(*(migrate(owner, MIGRATIONS) for owner in owners))
    assert made.sql("SELECT version_num FROM trial.alembic_version") == "0001"
    for owner in owners:
        await owner.dispose()


async def test_up_down_and_up_again_ends_where_it_began(empty_database: Callable[[str], Any]) -> None:
    made = empty_database("trial")
    owner = connect(made.owner.url, made.owner.password, application="test", schema="trial")
    for revision in ("head", "base", "head"):
        await migrate(owner, MIGRATIONS, revision)
    assert made.sql("SELECT count(*) FROM trial.thing") == "0"
    await owner.dispose()


async def test_step_one_makes_the_tables_that_kit_uses(empty_database: Callable[[str], Any]) -> None:
    made = empty_database("trial")
    owner = connect(made.owner.url, made.owner.password, application="test", schema="trial")
    await migrate(owner, MIGRATIONS)
    metadata = MetaData()
    tables(metadata)

    def differences(connection: Connection) -> list[Any]:
        ours = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        return list(compare_metadata(MigrationContext.configure(connection, opts=ours), metadata))

    async with owner.connect() as connection:
        assert await connection.run_sync(differences) == []
    await owner.dispose()


async def test_a_migration_that_finds_a_table_locked_gives_up_and_changes_nothing(
    empty_database: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clerk's long look at a table must not make every other clerk wait behind the migration."""
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT", "50ms")
    made = empty_database("trial")
    owner = connect(made.owner.url, made.owner.password, application="test", schema="trial")
    await migrate(owner, MIGRATIONS)
    async with owner.begin() as looking:
        await looking.execute(text("LOCK TABLE thing IN ACCESS SHARE MODE"))
        with pytest.raises(DBAPIError, match="lock timeout"):
            await migrate(owner, MIGRATIONS, "base")
    assert made.sql("SELECT version_num FROM trial.alembic_version") == "0001"
    another = connect(made.owner.url, made.owner.password, application="test", schema="trial")
    async with asyncio.timeout(5):
        await migrate(another, MIGRATIONS, "base")  # who gave up holds nothing that the next one waits for
    await another.dispose()
    await owner.dispose()


async def test_the_api_can_add_to_the_audit_trail_but_not_change_it(empty_database: Callable[[str], Any]) -> None:
    made = empty_database("trial")
    owner = connect(made.owner.url, made.owner.password, application="test", schema="trial")
    await migrate(owner, MIGRATIONS)
    rights = "SELECT string_agg(privilege_type, ',' ORDER BY privilege_type) FROM information_schema.role_table_grants"
    granted = made.sql(f"{rights} WHERE grantee = 'trial_api' AND table_name = 'audit'")
    assert granted == "INSERT,SELECT"
    await owner.dispose()
