"""`town`: a county whose first quarter has been noticed, and may be objected to today."""

import pytest_asyncio

from services.scoring.counties import County
from services.scoring.objections.towns import Town


@pytest_asyncio.fixture
async def town(county: County) -> Town:
    made = Town(county)
    await made.settle()
    await made.notice()
    return made
