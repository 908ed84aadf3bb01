"""What counts beside the relay ends with it."""

import asyncio

from bus import backlog


async def test_a_count_that_swallowed_its_cancellation_is_cancelled_again() -> None:
    swallowed = asyncio.Event()

    async def stubborn() -> None:
        never = asyncio.Event()
        try:
            await never.wait()
        except asyncio.CancelledError:
            swallowed.set()  # as a driver does that has just connected
        await never.wait()

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await asyncio.wait_for(backlog._ended(task), timeout=20)
    assert swallowed.is_set()
    assert task.cancelled()
