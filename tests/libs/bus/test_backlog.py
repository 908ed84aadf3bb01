"""What counts beside the relay ends with it."""

import asyncio

from bus import backlog


async def test_a_count_that_swallowed_its_cancellation_is_cancelled_again() -> None:
    swallowed = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            swallowed.set()  # as a driver does that has just connected
        await asyncio.sleep(3600)

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await asyncio.wait_for(backlog._ended(task), timeout=20)
    assert swallowed.is_set()
    assert task.cancelled()
