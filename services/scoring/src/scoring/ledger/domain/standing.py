"""A person's dated history, as far as points depend on it: class, home branch, alive and here.

Who is in scope: on at least one day of the period the person is alive and here, has a home membership
and a class that the book names, and is not exempt. The base is whole, never pro rata, and is that of the class held on
the first day in scope. A fact is rated by the class held on its day, or else by the earliest class after it (a class
confirmed late).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from scoring.ids import OrganisationId, PersonId
from scoring.periods.domain import Period, month_of


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
    merged_into: PersonId | None = None  # the entry of the same person that goes on; this one has ended

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


@dataclass(frozen=True, slots=True)
class Exemption:
    """Days on which nothing is taken away from the person. The reason stays with those who granted it."""

    id: str
    version: int
    since: date
    until: date | None  # the first day no longer exempt
    withdrawn: bool = False

    def covers(self, day: date) -> bool:
        return not self.withdrawn and self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Standing:
    """What rating may know of a person besides the facts."""

    life: Life
    exemptions: tuple[Exemption, ...] = ()

    def class_for(self, day: date) -> str | None:
        return self.life.class_for(day)

    def exempt_on(self, day: date) -> bool:
        return any(exemption.covers(day) for exemption in self.exemptions)


@dataclass(frozen=True, slots=True)
class Scope:
    """How a period concerns a person. Exempt on every day of it: not at all, for there is nothing to judge."""

    since: date | None = None  # the first day in scope; the class of that day gives the base
    months: tuple[str, ...] = ()  # those with a day in scope that is not exempt


def scope_of(standing: Standing, belonging: Belonging, period: Period, classes: Collection[str]) -> Scope:
    """Look at the days on which anything changes, and at the first of each month; between them all days are alike."""
    life, since, months = standing.life, None, list[str]()
    for day in _turns(standing, belonging, period):
        if life.here_on(day) and belonging.home_on(day) and life.class_on(day) in classes:
            since = since or day
            if not standing.exempt_on(day):
                months.append(month_of(day))
    return Scope(since, tuple(dict.fromkeys(months))) if months else Scope()


def _turns(standing: Standing, belonging: Belonging, period: Period) -> list[date]:
    spans: tuple[Membership | Absence | Exemption, ...] = (
        *belonging.memberships, *standing.life.absences, *standing.exemptions
    )  # fmt: skip
    turns = {day for each in spans for day in (each.since, each.until) if day}
    turns |= {held.since for held in standing.life.classes}
    first = period.starts_on
    months = {date(first.year, first.month + n, 1) for n in range(3)}
    return sorted(months | {day for day in turns if first <= day <= period.ends_on})
