"""Comparing the live rows with the ledger, whose word holds.

What both say of one version must be the same: a difference counts at once. A version that the one has and the other has
not is no difference, for news take a while; only one that stays away is lag.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from scoring.ids import CountyId, OrganisationId, PersonId, Quarter
from scoring.tallies.domain.rows import Row, Worth

PATIENCE_S = 60.0
"""How long a version may be behind before it is lag."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger has published of one person."""

    county: CountyId
    person: PersonId
    version: int
    branch: OrganisationId | None
    worth: Mapping[Quarter, Worth]
    booked_on: date | None
    booked_tenths: int

    def agrees_with(self, row: Row) -> bool:
        """Say whether a row of the same version tells the same."""
        booked = row.booked.get(self.booked_on) if self.booked_on else None
        said = (row.county, row.branch, row.worth, booked.tenths if booked else 0)
        return said == (self.county, self.branch, self.worth, self.booked_tenths)


@dataclass(frozen=True, slots=True)
class Findings:
    """What one look over everybody has found, for each county."""

    at: datetime
    compared: int  # rows of a version that the ledger has too
    different: Mapping[CountyId, int]
    late: Mapping[CountyId, int]

    @property
    def all_different(self) -> int:
        return sum(self.different.values())

    @property
    def all_late(self) -> int:
        return sum(self.late.values())


@dataclass(slots=True)
class Waiting:
    """Who has been at another version than the ledger, which version they wait for, and since when."""

    since: dict[PersonId, tuple[int, float]] = field(default_factory=dict)

    def for_version(self, person: PersonId, version: int, has: int, now: float) -> float:
        """Note what a person's row lacks; return for how long it has lacked it."""
        wanted, began = self.since.get(person, (version, now))
        if has >= wanted and has < version:  # what it waited for has come, and more has happened since
            wanted, began = version, now
        self.since[person] = (wanted, began)
        return now - began


@dataclass(slots=True)
class Look:
    """One look over everybody, a chunk of entries at a time."""

    waiting: Waiting
    now: float  # seconds of a clock that never goes back
    compared: int = 0
    different: list[tuple[CountyId, PersonId]] = field(default_factory=list)
    late: list[tuple[CountyId, PersonId]] = field(default_factory=list)
    _seen: set[PersonId] = field(default_factory=set)

    def chunk(self, entries: Iterable[Entry], rows: Mapping[PersonId, Row]) -> None:
        for entry in entries:
            row = rows.get(entry.person)
            if row is not None and row.county != entry.county:
                row = None
            if row is not None or entry.version > 0:  # nothing was ever published of a stub
                self._seen.add(entry.person)
                self._take(entry, row)

    def end(self, rows: Mapping[PersonId, Row], at: datetime) -> Findings:
        """Miss also whom the ledger does not know, and forget whoever waits no longer."""
        for person in rows.keys() - self._seen:
            self._miss(rows[person].county, person, 0, rows[person].version)
        gone = self.waiting.since.keys() - self._seen - rows.keys()
        for person in gone:
            del self.waiting.since[person]
        return Findings(at, self.compared, _by_county(self.different), _by_county(self.late))

    def _take(self, entry: Entry, row: Row | None) -> None:
        if row is None or row.version != entry.version:
            self._miss(entry.county, entry.person, entry.version, row.version if row else 0)
            return
        self.compared += 1
        self.waiting.since.pop(entry.person, None)
        if not entry.agrees_with(row):
            self.different.append((entry.county, entry.person))

    def _miss(self, county: CountyId, person: PersonId, version: int, has: int) -> None:
        if self.waiting.for_version(person, version, has, self.now) > PATIENCE_S:
            self.late.append((county, person))


def _by_county(found: Iterable[tuple[CountyId, PersonId]]) -> Mapping[CountyId, int]:
    return Counter(county for county, _ in found)
