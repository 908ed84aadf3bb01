"""`bench`: a county whose first quarter is open under a book with every kind of judgement."""

import pytest_asyncio

from services.scoring.counties import County
from services.scoring.judgements.benches import Bench


@pytest_asyncio.fixture
async def bench(county: County) -> Bench:
    made = Bench(county)
    await made.settle()
    return made
