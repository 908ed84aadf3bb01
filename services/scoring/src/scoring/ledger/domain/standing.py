"""A person's dated history, as far as points depend on it: class, home branch, alive and here.

Who is in scope: on at least one day of the period the person is alive and has not moved away, has a home membership
and a class that the book names. The base is whole, never pro rata, and is that of the class held on the first such
day. A fact is rated by the class held on its day, or else by the earliest class after it (a class confirmed late).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from scoring.ids import OrganisationId
from scoring.periods.domain import Period


@dataclass(frozen=True, slots=True)
class Held:
    code: str
    since: date


@dataclass(frozen=True, slots=True)
class Life:
    """The person's classes, earliest first, and the last day on which they were here and alive (None: still are)."""

    version: int = 0
    classes: tuple[Held, ...] = ()  # of two that begin on one day the later entry holds
    last_day: date | None = None

    def class_on(self, day: date) -> str | None:
        held = [each.code for each in self.classes if each.since <= day]
        return held[-1] if held else None

    def class_for(self, day: date) -> str | None:
        """The class that rates a fact of this day."""
        return self.class_on(max(day, self.classes[0].since)) if self.classes else None

    def here_on(self, day: date) -> bool:
        return self.version > 0 and (self.last_day is None or day <= self.last_day)


def last_day_of(status: str, since: date | None) -> date | None:
    """Say when a person was last here. One who dies is alive on that day; one who moves is away from that day on."""
    if status == "active":
        return None
    if since is None:
        return date.min  # gone, nobody knows since when
    return since if status == "died" else since - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Membership:
    organisation: OrganisationId
    home: bool
    since: date
    until: date | None  # the first day no longer a member

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Every membership the person has had."""

    version: int = 0
    memberships: tuple[Membership, ...] = ()

    def home_on(self, day: date) -> OrganisationId | None:
        """The home branch; if the books overlap, the one joined last."""
        homes = [each for each in self.memberships if each.home and each.holds_on(day)]
        return max(homes, key=lambda each: (each.since, each.organisation)).organisation if homes else None


def first_day_in_scope(life: Life, belonging: Belonging, period: Period, classes: Collection[str]) -> date | None:
    """Find the first day of the period on which the person is in scope.

    Only the period's first day and the days on which a class or a membership begins can be that day.
    """
    begins = [each.since for each in life.classes] + [each.since for each in belonging.memberships]
    days = {period.starts_on, *(day for day in begins if period.starts_on <= day <= period.ends_on)}
    fit = (d for d in sorted(days) if life.here_on(d) and belonging.home_on(d) and life.class_on(d) in classes)
    return next(fit, None)
