"""The numbered steps make exactly the tables that the metadata describes, and can be undone."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, inspect

from bus.steps import step_1, undo_step_1
from support.bus import TABLES, Corner


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    found = compare_metadata(context, TABLES.journal.metadata)
    return [each for each in found if not (isinstance(each, tuple) and each[0] == "remove_table")]


async def test_steps_and_metadata_are_the_same(store: Corner) -> None:
    async with store.owner.engine.begin() as connection:
        assert await connection.run_sync(_differences) == []


async def test_the_step_goes_down_and_up_again(store: Corner) -> None:
    def down(connection: Connection) -> list[str]:
        undo_step_1(Operations(MigrationContext.configure(connection)))
        return inspect(connection).get_table_names()

    def up(connection: Connection) -> list[object]:
        step_1(Operations(MigrationContext.configure(connection)))
        return _differences(connection)

    async with store.owner.engine.begin() as connection:
        assert await connection.run_sync(down) == ["seen"]
        assert await connection.run_sync(up) == []
