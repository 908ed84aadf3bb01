"""What happens to people: registered, amended, classified, assessed, moved.

A death is `registry.departures`, a merge `registry.merging`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kit.commands import require_version
from kit.tokens import Principal
from registry.access import Resource, require
from registry.audit.repository import Trace
from registry.days import day_of
from registry.ids import PersonId, UserId
from registry.people import domain, events
from registry.people.domain import DatedCode, Person, Standing
from registry.people.repository import Particulars
from registry.taxonomies import handlers as taxonomies
from registry.taxonomies.domain import ListName, Use
from registry.work import Work

UNTOLD = Particulars()


@dataclass(frozen=True, slots=True)
class ConfirmCode:
    code: str
    since: date


@dataclass(frozen=True, slots=True)
class RegisterPerson:
    standing: Standing
    private: Particulars
    classes: tuple[ConfirmCode, ...] = ()
    capacities: tuple[ConfirmCode, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendPerson:
    person: PersonId
    seen: int  # the etag that the caller has read
    changes: Mapping[str, Any]  # of Standing, by name
    private: Particulars


@dataclass(frozen=True, slots=True)
class Disclose:
    """A wish to read one sensitive field, for a reason out of a short list."""

    person: PersonId
    field: str
    reason: str


async def register_person(work: Work, command: RegisterPerson, by: Principal) -> Person:
    """Raises Forbidden, MemberWithoutParty, WrongCode, DateInFuture, AlreadyRegistered."""
    require(by, "person.register", Resource(work.county))
    await _check_codes(work, command.standing, None)
    await _check_confirmed(work, command.classes, command.capacities)
    person = domain.register(PersonId(work.new_id()), command.standing)
    for code in command.classes:
        person = domain.classify(person, _confirmed(code, by), day_of(work.now))
    for code in command.capacities:
        person = domain.assess(person, _confirmed(code, by), day_of(work.now))
    person = replace(person, version=1)  # however many codes it came with, it is the first that is heard
    await work.people.add([(person, command.private)], work.now)
    await work.outbox.add(events.registered(work, person, by))
    return person


async def amend_person(work: Work, command: AmendPerson, by: Principal) -> Person:
    """Raises Forbidden, UnknownPerson, StaleVersion, MemberWithoutParty, WrongCode, AlreadyRegistered."""
    require(by, "person.amend", Resource(work.county))
    before = await work.people.lock(command.person)
    require_version(command.seen, before.etag)
    standing = replace(before.standing, **command.changes)
    await _check_codes(work, standing, before.standing)
    return await _save(work, before, domain.amend(before, standing), by, command.private)


async def classify_person(work: Work, person: PersonId, code: ConfirmCode, by: Principal) -> Person:
    """Raises Forbidden, UnknownPerson, WrongCode, DateInFuture."""
    require(by, "person.confirm", Resource(work.county))
    before = await work.people.lock(person)
    await _check_confirmed(work, (code,), ())
    return await _save(work, before, domain.classify(before, _confirmed(code, by), day_of(work.now)), by)


async def assess_person(work: Work, person: PersonId, code: ConfirmCode, by: Principal) -> Person:
    """Raises Forbidden, UnknownPerson, WrongCode, DateInFuture."""
    require(by, "person.confirm", Resource(work.county))
    before = await work.people.lock(person)
    await _check_confirmed(work, (), (code,))
    return await _save(work, before, domain.assess(before, _confirmed(code, by), day_of(work.now)), by)


async def move_person(work: Work, person: PersonId, on: date, by: Principal, *, back: bool) -> Person:
    """Raises Forbidden, UnknownPerson, AlreadyDied, AlreadyAway, NotAway, DateInFuture, BeforeLastChange."""
    require(by, "person.amend", Resource(work.county))
    before = await work.people.lock(person)
    after = (domain.returned if back else domain.moved)(before, on, day_of(work.now))
    saved = await work.people.save(after)
    await work.outbox.add(events.moved(work, saved, by))
    return saved


async def end_merged(work: Work, ended: Person, into: Person, by: Principal) -> Person:
    """Save an entry that was merged, and hand over what only it knew; the caller holds both locks.

    The trail says who did it, to both, and whether each had an identity number of its own.
    """
    saved, both, given = await work.people.hand_over(ended, into)
    await work.outbox.add(events.merged(work, saved, by))
    unlike = "identities-differ" if "identity" in both else None
    traces = [Trace(by.user, "person.merge", ended.id, "merged_into", unlike)]
    traces.append(Trace(by.user, "person.merge", into.id, "merged_from", unlike))
    traces += [Trace(by.user, "person.hand-over", into.id, field) for field in given]
    await work.audit.add(traces)
    return saved


async def disclose(work: Work, wish: Disclose, by: Principal) -> str | None:
    """Read one sensitive field, and leave a trace of it. Raises Forbidden, UnknownPerson."""
    require(by, "person.disclose", Resource(work.county))
    text = await work.people.unseal(wish.person, wish.field)
    await work.audit.add([Trace(by.user, "person.disclose", wish.person, wish.field, wish.reason)])
    return text


async def find_people(work: Work, field: str, text: str, by: Principal) -> list[PersonId]:
    """Whose identity number or phone it is; a hit is traced as reading is. Raises Forbidden."""
    await search_people(work, field, by)
    found = await work.people.find(field, text)
    await work.audit.add([Trace(by.user, "person.find", person, field) for person in found])
    return found


async def search_people(work: Work, field: str, by: Principal) -> None:
    """Trace that somebody searches, whether or not they find, and never what for. Raises Forbidden."""
    require(by, "person.find", Resource(work.county))
    await work.audit.add([Trace(by.user, "person.search", "all", field)])


async def _save(work: Work, before: Person, after: Person, by: Principal, private: Particulars = UNTOLD) -> Person:
    if after == before and private == UNTOLD:
        return before
    saved = await work.people.save(after, private)
    if after.version != before.version:
        await work.outbox.add(events.amended(work, saved, by))
    return saved


async def _check_codes(work: Work, standing: Standing, before: Standing | None) -> None:
    """Codes that are new to the person must hold today; what stood may have ended since."""
    today = day_of(work.now)
    uses = []
    if standing.rank and standing.rank != (before.rank if before else None):
        uses.append(Use("rank", ListName.RANK, standing.rank, today))
    if standing.township and standing.township != (before.township if before else None):
        uses.append(Use("township", ListName.TOWNSHIP, standing.township, today))
    await taxonomies.check_codes(work, uses)


async def _check_confirmed(work: Work, classes: Iterable[ConfirmCode], capacities: Iterable[ConfirmCode]) -> None:
    uses = [Use("class", ListName.CLASS, code.code, code.since) for code in classes]
    uses += [Use("capacity", ListName.CAPACITY, code.code, code.since) for code in capacities]
    await taxonomies.check_codes(work, uses)


def _confirmed(code: ConfirmCode, by: Principal) -> DatedCode:
    return DatedCode(code.code, code.since, UserId(by.user))
