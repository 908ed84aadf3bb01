"""The migration makes what the tables declare, can be taken back, and fences every row."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

import registry.activities.tables
import registry.counties.tables
import registry.memberships.tables
import registry.organisations.tables
import registry.people.tables
import registry.rosters.tables
import registry.taxonomies.tables
import registry.users.tables  # noqa: F401 — importing a module declares its tables
from conftest import MakeDatabase
from kit.database import connect
from kit.migrations import migrate
from registry.metadata import metadata

SCRIPTS = Path(__file__).parents[3] / "services/registry/migrations"
OF_BUS_AND_KIT = {
    "alembic_version",
    "attempts",
    "audit",
    "dead_letters",
    "idempotency",
    "inbox",
    "journal",
    "pending",
    "positions",
    "relay_log",
}


def engine_of(database: MakeDatabase) -> AsyncEngine:
    owner = database("registry").owner
    return connect(owner.url, owner.password, application="test", schema="registry")


def differences(connection: Connection) -> list[object]:
    options = {"include_name": lambda name, kind, _: kind != "table" or name not in OF_BUS_AND_KIT}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_up_down_and_up_again_leaves_exactly_the_declared_tables(empty_database: MakeDatabase) -> None:
    engine = engine_of(empty_database)
    await migrate(engine, SCRIPTS)
    await migrate(engine, SCRIPTS, "base")
    async with engine.connect() as connection:
        left = await connection.run_sync(lambda sync: sync.dialect.get_table_names(sync))
    assert left == ["alembic_version"]
    await migrate(engine, SCRIPTS)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


def test_every_table_with_a_county_is_under_row_level_security(database: MakeDatabase) -> None:
    bare = database("registry").sql("""
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'registry' AND c.relkind = 'r' AND NOT c.relrowsecurity AND c.relname <> 'alembic_version'
    """)
    assert bare == ""


@pytest.mark.parametrize("table", ["audit", "taxonomies", "taxonomy_codes", "rosters"])
def test_the_api_cannot_change_a_record(database: MakeDatabase, table: str) -> None:
    may = database("registry").sql(f"""
        SELECT has_table_privilege('registry_api', 'registry.{table}', 'UPDATE, DELETE, TRUNCATE')
    """)
    assert may == "f"
