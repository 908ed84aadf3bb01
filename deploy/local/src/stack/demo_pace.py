"""How far the story is, and how many of its steps may be under way at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from rich.progress import Progress, TaskID

T = TypeVar("T")
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Pace:
    progress: Progress
    task: TaskID
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def chapter(self, title: str) -> None:
        self.progress.update(self.task, description=title)

    def step(self) -> None:
        self.progress.advance(self.task)

    async def together(self, deed: Callable[[T], Awaitable[None]], items: Iterable[T]) -> None:
        """Do it for each, some at a time: they do not depend on one another. The first failure stops the rest."""
        async with asyncio.TaskGroup() as group:
            for item in items:
                group.create_task(self._in_turn(deed, item))

    async def _in_turn(self, deed: Callable[[T], Awaitable[None]], item: T) -> None:
        async with self.places:
            await deed(item)
