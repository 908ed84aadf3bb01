"""`settled`: `front`'s county with lists of codes, so that people can have some."""

import pytest_asyncio

from registry.users.domain import Role
from services.registry.people.clerk import LISTS
from support.front import Front


@pytest_asyncio.fixture
async def settled(front: Front) -> Front:
    """The county with its lists of codes."""
    for name, codes in LISTS.items():
        await front.client(Role.ADMIN).made("/taxonomies", {"name": name, "codes": codes})
    return front
