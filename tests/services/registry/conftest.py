"""`books`: a county of its own in registry's database, under the api role."""

from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from kit.database import Sessions, connect
from support.books import Books
from support.databases import Database


@pytest_asyncio.fixture
async def books(shared_database: Callable[[str], Database]) -> AsyncIterator[Books]:
    role = shared_database("registry").api
    engine = connect(role.url, role.password, application="test", schema="registry", pool=5)
    try:
        opened = Books(Sessions(engine))
        await opened.open()
        yield opened
    finally:
        await engine.dispose()
