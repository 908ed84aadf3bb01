"""`books`: a county of its own in registry's database, under the api role. `front`: the same over HTTP."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest_asyncio

from kit.database import Sessions, connect
from support.books import Books
from support.databases import Database
from support.desk import Desk, registry_api
from support.front import Front


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


@pytest_asyncio.fixture
async def front(shared_database: Callable[[str], Database]) -> AsyncIterator[Front]:
    role = shared_database("registry").api
    engine = connect(role.url, role.password, application="test", schema="registry", pool=5)
    try:
        opened = Front(engine, role.url, role.password)
        await opened.open()
        yield opened
    finally:
        await engine.dispose()


@pytest_asyncio.fixture
async def desk(books: Books) -> AsyncIterator[Desk]:
    transport = httpx.ASGITransport(registry_api(books))
    async with httpx.AsyncClient(transport=transport, base_url="http://registry.test") as client:
        yield Desk(client, books.desk)
