"""Sums over the rows, kept while rows come and go: by county and branch, by quarter and aspect, by booking day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from scoring.ids import CountyId, OrganisationId, PersonId, Quarter
from scoring.tallies.domain.rows import Row, Worth

K = TypeVar("K")
Part = tuple[str, str]
PEOPLE, BASE, TOTAL, ADJUSTED = (("people", ""), ("base", ""), ("total", ""), ("adjusted", ""))


@dataclass(slots=True)
class Sums:
    """What the members of one branch, or all of a county's people, have together. Nothing is kept that is nothing."""

    people: int = 0
    quarters: dict[Quarter, Counter[Part]] = field(default_factory=lambda: defaultdict(Counter))
    days: Counter[date] = field(default_factory=Counter)

    def move(self, row: Row, sign: int) -> None:
        """Add a row, or take it away again."""
        self.people += sign
        for quarter, worth in row.worth.items():
            sums = self.quarters[quarter]
            for part, value in _parts(worth):
                _add(sums, part, sign * value)
            if not sums:
                del self.quarters[quarter]
        for day, booked in row.booked.items():
            _add(self.days, day, sign * booked.tenths)

    def add(self, other: "Sums") -> None:
        self.people += other.people
        for quarter, sums in other.quarters.items():
            for part, value in sums.items():
                _add(self.quarters[quarter], part, value)
        for day, value in other.days.items():
            _add(self.days, day, value)

    def booked_between(self, first: date, last: date) -> int:
        return sum(value for day, value in self.days.items() if first <= day <= last)


@dataclass(slots=True)
class Index:
    """Every row and the sums over them; the rows are put in one by one and never taken out."""

    rows: dict[PersonId, Row] = field(default_factory=dict)
    branches: dict[CountyId, dict[OrganisationId | None, Sums]] = field(default_factory=dict)

    @classmethod
    def over(cls, rows: Iterable[tuple[PersonId, Row]]) -> "Index":
        index = cls()
        for person, row in rows:
            index.put(person, row)
        return index

    def put(self, person: PersonId, row: Row) -> None:
        before = self.rows.get(person)
        if before is not None:
            self._move(before, -1)
        self._move(row, +1)
        self.rows[person] = row

    def _move(self, row: Row, sign: int) -> None:
        branches = self.branches.setdefault(row.county, {})
        sums = branches.setdefault(row.branch, Sums())
        sums.move(row, sign)
        if not sums.people:
            del branches[row.branch]

    def tally(self, county: CountyId) -> Mapping[OrganisationId | None, Sums]:
        """Each branch's sums; None: of those without a home branch."""
        return self.branches.get(county, {})

    def county(self, county: CountyId) -> Sums:
        """All of a county's people."""
        together = Sums()
        for sums in self.tally(county).values():
            together.add(sums)
        return together


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def _parts(worth: Worth) -> Iterator[tuple[Part, int]]:
    yield PEOPLE, 1
    yield BASE, worth.base
    yield TOTAL, worth.total
    yield ADJUSTED, worth.adjusted
    for aspect, value in worth.aspects.items():
        yield ("aspect", aspect), value


def _add(sums: Counter[K], key: K, value: int) -> None:
    sums[key] += value
    if not sums[key]:
        del sums[key]
