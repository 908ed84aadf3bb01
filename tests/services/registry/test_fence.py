"""The second fence: row-level security bites where a forgotten `WHERE county` would not."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import registry.app  # noqa: F401 — declares every table
from kit.database import NO_COUNTY
from registry.metadata import metadata
from support.books import Books
from support.front import Front

READ_BY_ALL = {"counties", "county_codes"}
FENCED = [*sorted({table.name for table in metadata.sorted_tables} - READ_BY_ALL), "audit", "idempotency", "journal"]


@pytest_asyncio.fixture
async def strangers(books: Books, front: Front) -> AsyncIterator[tuple[Books, str]]:
    """A county with people, and another one that looks."""
    await books.members(await books.found(), 1)
    yield books, front.county


@pytest.mark.parametrize("table", FENCED)
async def test_no_statement_reads_another_countys_rows(strangers: tuple[Books, str], table: str) -> None:
    books, other = strangers
    async with books.sessions.begin(other) as session:
        found = await session.execute(text(f"SELECT DISTINCT county FROM {table}"))  # noqa: S608 — our own names
        assert set(found.scalars()) <= {other}


async def test_the_rows_that_are_not_seen_are_there(strangers: tuple[Books, str]) -> None:
    books, _ = strangers
    async with books.work() as work:
        assert (await work.session.execute(text("SELECT count(*) FROM people"))).scalar_one() == 1


@pytest.mark.parametrize("table", ["people", "organisations", "memberships", "users", "attendance", "journal"])
async def test_no_statement_of_nobody_reads_any_countys_rows(strangers: tuple[Books, str], table: str) -> None:
    books, _ = strangers
    async with books.sessions.begin(None) as session:
        found = await session.execute(text(f"SELECT DISTINCT county FROM {table}"))  # noqa: S608 — our own names
        assert set(found.scalars()) <= {NO_COUNTY}


async def test_no_statement_changes_or_moves_a_row_across_the_fence(strangers: tuple[Books, str]) -> None:
    books, other = strangers
    async with books.sessions.begin(other) as session:
        assert (await session.execute(text("UPDATE people SET name = '别人'"))).rowcount == 0  # type: ignore[attr-defined]
    with pytest.raises(DBAPIError, match="row-level security"):
        async with books.work() as work:
            await work.session.execute(text("UPDATE people SET county = :other"), {"other": other})


async def test_no_county_writes_counties(strangers: tuple[Books, str]) -> None:
    books, _ = strangers
    async with books.work() as work:
        assert (await work.session.execute(text("UPDATE counties SET name = '别县'"))).rowcount == 0  # type: ignore[attr-defined]


async def test_the_trail_cannot_be_changed(books: Books) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with books.work() as work:
            await work.session.execute(text("UPDATE audit SET actor = 'nobody'"))
