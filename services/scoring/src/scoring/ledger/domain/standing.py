"""A person's dated history, as far as points depend on it: class, home branch, alive and here.

Who is in scope: on at least one day of the period the person is alive and here, has a home membership
and a class that the book names. The base is whole, never pro rata, and is that of the class held on the first such
day. A fact is rated by the class held on its day, or else by the earliest class after it (a class confirmed late).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from scoring.ids import OrganisationId
from scoring.periods.domain import Period


@dataclass(frozen=True, slots=True)
class Held:
    code: str
    since: date


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which the person was away or dead."""

    since: date
    until: date | None  # the first day back; None: never

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Life:
    """The person's classes and absences, earliest first."""

    version: int = 0
    classes: tuple[Held, ...] = ()  # of two that begin on one day the later entry holds
    absences: tuple[Absence, ...] = ()

    def class_on(self, day: date) -> str | None:
        held = [each.code for each in self.classes if each.since <= day]
        return held[-1] if held else None

    def class_for(self, day: date) -> str | None:
        """The class that rates a fact of this day."""
        return self.class_on(max(day, self.classes[0].since)) if self.classes else None

    def here_on(self, day: date) -> bool:
        return self.version > 0 and not any(absence.covers(day) for absence in self.absences)


def absences_of(statuses: Iterable[tuple[str, date]]) -> tuple[Absence, ...]:
    """Read absences from every change of status, earliest first.

    One who dies is alive on that day, one who moves is away from that day on. Dying elsewhere brings nobody back.
    """
    absences: list[Absence] = []
    away: date | None = None
    for status, since in statuses:
        if status == "died":
            return (*absences, Absence(since + timedelta(days=1) if away is None else away, None))
        if status != "active":
            away = since if away is None else away
        elif away is not None:
            absences += [Absence(away, since)] if away < since else []
            away = None
    return (*absences, Absence(away, None)) if away is not None else tuple(absences)


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

    Only the period's first day and the days on which a class or a membership begins or an absence ends can be that day.
    """
    begins = [each.since for each in life.classes] + [each.since for each in belonging.memberships]
    begins += [each.until for each in life.absences if each.until]
    days = {period.starts_on, *(day for day in begins if period.starts_on <= day <= period.ends_on)}
    fit = (d for d in sorted(days) if life.here_on(d) and belonging.home_on(d) and life.class_on(d) in classes)
    return next(fit, None)
