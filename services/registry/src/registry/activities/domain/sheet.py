"""An activity and its list, as they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from registry.days import day_of
from registry.ids import ActivityId, OrganisationId, PersonId


class State(StrEnum):
    OPEN = "open"
    HELD = "held"


class Mode(StrEnum):
    ASSEMBLED = "assembled"
    ONLINE = "online"
    DELIVERED = "delivered"  # 送学上门 counts as taking part


class Outcome(StrEnum):
    ATTENDED = "attended"
    EXCUSED = "excused"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


ABSENT = frozenset({Outcome.EXCUSED, Outcome.MISSED})
PROXY = "proxy"
BEGUN = frozenset({Outcome.ATTENDED, Outcome.MISSED})  # what cannot be said before the activity has begun


@dataclass(frozen=True, slots=True)
class Occasion:
    """What can be corrected. Codes are of the county's taxonomy; the place is a kind of place, never an address."""

    kind: str
    theme: str | None
    mode: Mode
    hosts: tuple[OrganisationId, ...]
    place: str | None
    starts: datetime
    ends: datetime

    @property
    def day(self) -> date:
        """The day it counts for: that of its start."""
        return day_of(self.starts)


@dataclass(frozen=True, slots=True)
class Counts:
    """As of the last change of the activity or its list; a transfer or death recorded since does not count it anew."""

    due: int = 0
    attended: int = 0
    excused: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    id: ActivityId
    occasion: Occasion
    state: State = State.OPEN
    counts: Counts = Counts()
    revision: int = 1  # the ETag: counts every change
    version: int = 0  # counts what was published


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the recorder's list. A proxy made it on behalf of the person it is about."""

    person: PersonId
    outcome: Outcome
    origin: str
    on_behalf_of: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    entry: Entry
    version: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """An activity with every line recorded for it."""

    activity: Activity
    lines: Mapping[PersonId, Attendance]


@dataclass(frozen=True, slots=True)
class People:
    """What a list needs to know: who was due on that day and, of the people it names, who is known and who died.

    `merged` are entries that ended, each with the entry of the same person that goes on.
    """

    due: frozenset[PersonId]
    known: frozenset[PersonId]
    dead: Mapping[PersonId, date]
    merged: Mapping[PersonId, PersonId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """The activity afterwards, and the lines that are new or other than before."""

    before: Activity
    activity: Activity
    lines: tuple[Attendance, ...]
