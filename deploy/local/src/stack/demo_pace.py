"""How far the story is, and how many of its steps may be under way at once."""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

from rich.progress import Progress, TaskID

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

    async def together(self, deeds: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Do what does not depend on one another, some at a time; the first failure stops the rest."""
        async with asyncio.TaskGroup() as group:
            for deed in deeds:
                group.create_task(self._in_turn(deed))

    async def _in_turn(self, deed: Coroutine[Any, Any, None]) -> None:
        async with self.places:
            await deed
