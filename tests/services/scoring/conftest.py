"""A county of its own in scoring's migrated database, with both of the service's roles."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest_asyncio

from kit.database import connect
from services.scoring.counties import County


@pytest_asyncio.fixture
async def county(shared_database: Callable[[str], Any]) -> AsyncIterator[County]:
    database = shared_database("scoring")
    api, worker = (
        connect(role.url, role.password, application="test", schema="scoring", pool=4)
        for role in (database.api, database.worker)
    )
    made = County(api, worker)
    await made.hear_of()
    yield made
    await api.dispose()
    await worker.dispose()
