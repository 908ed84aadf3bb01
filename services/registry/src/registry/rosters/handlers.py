"""Taking a roster over: read, compare, and then all of it or nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from kit.tokens import Principal
from registry.access import Resource, require
from registry.audit.repository import Trace
from registry.days import day_of
from registry.identity.domain import IdentityNumber
from registry.ids import PersonId
from registry.people import domain as people
from registry.people import events
from registry.people.repository import Entered, Particulars
from registry.rosters.domain.plan import Known, Plan, plan
from registry.rosters.domain.reading import BrokenRoster, Entry, Reading, Sheet, read
from registry.rosters.repository import Upload
from registry.taxonomies import handlers as taxonomies
from registry.work import Work


@dataclass(frozen=True, slots=True)
class UploadRoster:
    sheet: Sheet
    dry_run: bool


async def upload_roster(work: Work, command: UploadRoster, by: Principal) -> Upload:
    """Raises Forbidden, UnreadableRoster, and BrokenRoster for a roster with faults that is not a dry run."""
    require(by, "roster.import", Resource(work.county))
    # A long roster would hold up everybody else's requests.
    reading = await asyncio.to_thread(read, command.sheet, await taxonomies.in_force(work), day_of(work.now))
    compared = plan(reading.entries, await _known(work, reading))
    faults = tuple(sorted((*reading.faults, *compared.faults), key=lambda fault: fault.row))
    if faults and not command.dry_run:
        raise BrokenRoster(faults)
    if not command.dry_run:
        await _take_over(work, compared, by)
    upload = Upload(
        id=work.new_id(),
        dry_run=command.dry_run,
        registered=len(compared.fresh),
        changed=len(compared.changed),
        unchanged=compared.unchanged,
        ignored=reading.ignored,
        faults=faults,
    )
    await work.rosters.add(upload, work.now, by.user)
    action = "roster.look" if command.dry_run else "roster.import"
    await work.audit.add([Trace(by.user, action, upload.id, reason=f"{len(reading.entries)} rows")])
    return upload


async def _known(work: Work, reading: Reading) -> Mapping[IdentityNumber, Known]:
    """Whoever is in the books already, locked; only this county's books are looked into."""
    entered = await work.people.lock_by_identity([entry.identity for entry in reading.entries])
    return {
        entry.identity: Known(found.person, found.name, contact_differs=_contact_differs(work, entry, found))
        for entry in reading.entries
        if (found := entered.get(entry.identity))
    }


def _contact_differs(work: Work, entry: Entry, found: Entered) -> bool:
    told = _particulars(entry).sealed()
    return any(work.people.index(field, text) != found.indexes[field] for field, text in told.items())


async def _take_over(work: Work, compared: Plan, by: Principal) -> None:
    fresh = [
        (people.register(PersonId(work.new_id()), standing), _particulars(entry)) for entry, standing in compared.fresh
    ]
    await work.people.add(fresh, work.now)
    changes = [(change.before, change.after, _particulars(change.entry)) for change in compared.changed]
    saved = await work.people.save_each(changes)
    heard = [events.registered(work, person, by, "import") for person, _ in fresh]
    pairs = zip(compared.changed, saved, strict=True)
    heard += [events.amended(work, person, by, "import") for change, person in pairs if change.heard]
    await work.outbox.add(*heard)


def _particulars(entry: Entry) -> Particulars:
    return Particulars(entry.name, entry.identity, entry.phone, entry.address)
