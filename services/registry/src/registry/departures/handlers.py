"""Somebody dies, is transferred or leaves: it changes where they belong, and what they can have missed since."""

from dataclasses import dataclass
from datetime import date, timedelta

from kit.tokens import Principal
from registry.access import Resource, require
from registry.activities import handlers as activities
from registry.days import day_of
from registry.departures import domain
from registry.departures.domain import Recorded
from registry.ids import PersonId
from registry.memberships import handlers as memberships
from registry.memberships.domain import History
from registry.memberships.handlers import Leave, Transfer
from registry.people import domain as people
from registry.people import events
from registry.people.domain import Person
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
