"""What taking a roster over would do to the books."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.identity.domain import IdentityNumber
from registry.people import domain as people
from registry.people.domain import Person, Standing
from registry.rosters.domain.reading import Entry, Fault, KindMissing
from registry.rosters.domain.words import Column

MERGED = "这个身份证号在一条已合并的重复登记上，请先核对保留的登记上的身份证号。"


@dataclass(frozen=True, slots=True)
class Known:
    """Who has an entry's identity number already. `contact_differs`: a phone or an address that the entry tells."""

    person: Person
    name: str
    contact_differs: bool


@dataclass(frozen=True, slots=True)
class Change:
    entry: Entry
    before: Person
    after: Person

    @property
    def heard(self) -> bool:
        """Whether others see it: a new name or phone is nobody else's business."""
        return self.after.version != self.before.version


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking the roster over would do. Every entry is in one of the four."""

    fresh: tuple[tuple[Entry, Standing], ...]
    changed: tuple[Change, ...]
    unchanged: int
    faults: tuple[Fault, ...]


def plan(entries: Iterable[Entry], known: Mapping[IdentityNumber, Known]) -> Plan:
    """Compare a roster with the books."""
    fresh: list[tuple[Entry, Standing]] = []
    changed: list[Change] = []
    unchanged, faults = 0, []
    for entry in entries:
        before = known.get(entry.identity)
        if before and before.person.merged_into:
            faults.append(Fault(entry.row, Column.IDENTITY, MERGED))
            continue
        try:
            standing = people.sound(entry.standing(before.person if before else None))
        except (KindMissing, people.MemberWithoutParty) as wrong:
            faults.append(Fault(entry.row, Column.KIND, str(wrong)))
            continue
        if before is None:
            fresh.append((entry, standing))
            continue
        after = people.amend(before.person, standing)
        if after == before.person and entry.name == before.name and not before.contact_differs:
            unchanged += 1
        else:
            changed.append(Change(entry, before.person, after))
    return Plan(tuple(fresh), tuple(changed), unchanged, tuple(faults))
