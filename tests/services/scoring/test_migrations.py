"""The migration makes what the code uses, goes down again, and its fences and grants bite."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

import scoring.branches.tables
import scoring.exemptions.tables
import scoring.judgements.tables
import scoring.ledger.tables
import scoring.notices.tables
import scoring.objections.tables
import scoring.periods.tables
import scoring.rulebooks.tables
import scoring.years.tables  # noqa: F401 — importing a module declares its tables
from kit.database import Sessions, connect
from kit.migrations import migrate
from scoring.metadata import metadata
from services.scoring.counties import County

MIGRATIONS = Path(__file__).parents[3] / "services/scoring/migrations"


async def test_up_down_and_up_again_ends_with_the_tables_that_the_code_uses(
    empty_database: Callable[[str], Any],
) -> None:
    role = empty_database("scoring").owner
    owner = connect(role.url, role.password, application="test", schema="scoring")
    for revision in ("head", "base", "head"):
        await migrate(owner, MIGRATIONS, revision)

    def differences(connection: Connection) -> list[Any]:
        ours = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        return list(compare_metadata(MigrationContext.configure(connection, opts=ours), metadata))

    async with owner.connect() as connection:
        assert await connection.run_sync(differences) == []
    await owner.dispose()


async def test_every_table_is_fenced(county: County) -> None:
    unfenced = await county.rows("""
        SELECT relname FROM pg_class WHERE relnamespace = 'scoring'::regnamespace AND relkind = 'r'
        AND NOT relrowsecurity AND relname <> 'alembic_version'
    """)
    assert unfenced == []


async def test_the_api_sees_no_other_county(county: County) -> None:
    async with Sessions(county.api).begin(None) as session:
        assert (await session.execute(text("SELECT * FROM counties"))).all() == []
    async with Sessions(county.api).begin(county.id) as session:
        assert [row.county for row in await session.execute(text("SELECT * FROM counties"))] == [county.id]


@pytest.mark.parametrize("statement", ["DELETE FROM lines", "UPDATE lines SET value_tenths = 0", "TRUNCATE lines"])
async def test_not_even_the_worker_changes_a_line(county: County, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        await county.rows(statement)
