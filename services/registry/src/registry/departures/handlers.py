"""Somebody dies, moves, is transferred or leaves: where they belong changes, and what they can have missed since."""

from dataclasses import dataclass
from datetime import date, timedelta

from kit.tokens import Principal
from registry.access import Resource, require
from registry.activities import handlers as activities
from registry.audit.repository import Trace
from registry.days import day_of
from registry.departures import domain
from registry.departures.domain import Recorded
from registry.ids import PersonId
from registry.memberships import handlers as memberships
from registry.memberships.domain import History
from registry.memberships.handlers import Leave, Transfer
from registry.people import domain as people
from registry.people import events
from registry.people import handlers as people_handlers
from registry.people.domain import DatedStatus, Person, Status
from registry.work import Work


@dataclass(frozen=True, slots=True)
class RecordDeath:
    person: PersonId
    died_on: date


async def record_death(work: Work, command: RecordDeath, by: Principal) -> Person:
    """Enter a death. Raises Forbidden, UnknownPerson, AlreadyDied, DateInFuture, AttendedLater."""
    require(by, "departure.record", Resource(work.county))
    person = await work.people.lock(command.person)
    died = people.died(person, command.died_on, day_of(work.now))
    after = command.died_on + timedelta(days=1)
    lines = await activities.recorded_from(work, person.id, after)
    domain.judge(Recorded(activity, day, outcome) for activity, day, outcome in lines)
    saved = await work.people.save(died)
    await work.outbox.add(events.died(work, saved, by))
    await memberships.close(work, person.id, command.died_on, by)
    await activities.withdraw_undue(work, person.id, after, by)
    return saved


@dataclass(frozen=True, slots=True)
class CorrectStatus:
    """`wrong` is what the books say; `right` is its day, None takes it back."""

    person: PersonId
    wrong: DatedStatus
    right: date | None


async def correct_status(work: Work, command: CorrectStatus, by: Principal) -> Person:
    """Take a mistake about a move or a death back. Absences that a wrong death withdrew are recorded again.

    Raises Forbidden, UnknownPerson, AttendedLater and what people.correct_status raises.
    """
    require(by, "departure.correct", Resource(work.county))
    wrong, right = command.wrong, command.right
    before = await work.people.lock(command.person)
    after = people.correct_status(before, wrong, right, day_of(work.now))
    if after == before:
        return before
    since = min(wrong.since, right or wrong.since)
    if wrong.status is Status.DIED and right is not None:
        since = right + timedelta(days=1)
        lines = await activities.recorded_from(work, before.id, since)
        domain.judge(Recorded(activity, day, outcome) for activity, day, outcome in lines)
    saved = await work.people.save(after)
    await work.outbox.add(events.amended(work, saved, by))
    await work.audit.add([Trace(by.user, "departure.correct", saved.id, wrong.status.value)])
    if wrong.status is Status.DIED:
        await memberships.redate(work, saved.id, wrong.since, right, by)
    await activities.withdraw_undue(work, saved.id, since, by)
    return saved


async def move(work: Work, person: PersonId, on: date, by: Principal, *, back: bool) -> Person:
    """Raises what people.move_person raises."""
    moved = await people_handlers.move_person(work, person, on, by, back=back)
    await activities.withdraw_undue(work, person, on, by)
    return moved


async def transfer(work: Work, command: Transfer, by: Principal) -> History:
    """Raises what memberships.transfer raises."""
    moved = await memberships.transfer(work, command, by)
    await activities.withdraw_undue(work, command.person, command.on, by)
    return moved


async def leave(work: Work, command: Leave, by: Principal) -> History:
    """Raises what memberships.leave raises."""
    left = await memberships.leave(work, command, by)
    await activities.withdraw_undue(work, command.person, command.on, by)
    return left


async def leave_seat(work: Work, command: Leave, by: Principal) -> None:
    """Raises what memberships.leave_seat raises."""
    await memberships.leave_seat(work, command, by)
    await activities.withdraw_undue(work, command.person, command.on, by)
