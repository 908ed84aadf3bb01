"""What the live table holds of a person. Each event carries the state after it, so merging is a choice, never a sum.

`later` commutes, is idempotent and associative: rows end up the same in whatever order and however often they came.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from scoring.ids import CountyId, OrganisationId, Quarter

KEPT_DAYS = 14
"""A day is kept this long after the last day on which something was booked: today and this week need no more."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a person has in one open quarter."""

    base: int
    aspects: Mapping[str, int]
    total: int
    adjusted: int = 0  # settled here for quarters closed before


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked on a day so far, as that day's last event had it."""

    version: int
    tenths: int


@dataclass(frozen=True, slots=True)
class Row:
    """One person, as the account's version had it."""

    county: CountyId
    version: int
    branch: OrganisationId | None
    worth: Mapping[Quarter, Worth]
    booked: Mapping[date, Booked]

    def booked_between(self, first: date, last: date) -> int:
        return sum(each.tenths for day, each in self.booked.items() if first <= day <= last)


def later(one: Row, other: Row) -> Row:
    """The higher version holds, as a whole; each day's amount is that of the highest version that booked on it."""
    high, low = (one, other) if one.version >= other.version else (other, one)
    days = {**high.booked, **{day: each for day, each in low.booked.items() if _newer(each, high.booked.get(day))}}
    since = max(days) - timedelta(days=KEPT_DAYS - 1) if days else date.min
    booked = {day: days[day] for day in sorted(days) if day >= since}
    return Row(high.county, high.version, high.branch, high.worth, booked)


def _newer(each: Booked, than: Booked | None) -> bool:
    return than is None or each.version > than.version
