"""Books of before there were drafts stay adopted, and a draft does not stand in the way down."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import connect
from kit.migrations import migrate
from services.scoring.test_migrations import MIGRATIONS

BOOK = """
    INSERT INTO books (county, id, word, version, starts_on, document, revision, adopted_by, adopted_at)
    VALUES ('county', 'old', 'word', 1, '2022-01-01', '{}', 3, 'admin', '2022-01-02T00:00:00Z')
"""
DRAFT = """
    INSERT INTO books (county, id, word, version, starts_on, document, revision, told, state, drafted_by, drafted_at)
    VALUES ('county', 'new', 'word', 1, '2022-01-01', '{}', 1, 0, 'draft', 'admin', now())
"""


@pytest_asyncio.fixture
async def owner(empty_database: Callable[[str], Any]) -> AsyncIterator[AsyncEngine]:
    role = empty_database("scoring").owner
    engine = connect(role.url, role.password, application="test", schema="scoring")
    yield engine
    await engine.dispose()


async def test_a_book_of_before_stays_adopted_and_a_draft_does_not_keep_it(owner: AsyncEngine) -> None:
    await migrate(owner, MIGRATIONS, "0004")
    async with owner.begin() as connection:
        await connection.execute(text("INSERT INTO counties (county) VALUES ('county')"))
        await connection.execute(text(BOOK))
    await migrate(owner, MIGRATIONS, "0005")
    async with owner.begin() as connection:
        await connection.execute(text(DRAFT))
        found = await connection.execute(
            text("SELECT state, told, revision, drafted_by, adopted_by FROM books WHERE id = 'old'")
        )
        assert tuple(found.one()) == ("adopted", 3, 3, "admin", "admin")
    await migrate(owner, MIGRATIONS, "base")
