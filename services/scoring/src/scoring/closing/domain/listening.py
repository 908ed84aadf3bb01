"""Whether everything that was told has arrived: a person looks at this before closing a quarter."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """One topic that we listen to."""

    topic: str
    behind: int  # records that were told and not taken in yet
    last_spoke: datetime | None  # None: never


class NotHeard(Exception):
    """Nobody knows at the moment, because Kafka does not answer."""


Listen = Callable[[], Awaitable[Sequence[Heard]]]
