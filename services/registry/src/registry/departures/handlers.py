from dataclasses import dataclass
from datetime import date

from kit.tokens import Principal
from registry.access import Resource, require
from registry.activities import handlers as activities
from registry.days import day_of
from registry.departures import domain
from registry.departures.domain import Recorded
from registry.ids import PersonId
from registry.memberships import handlers as memberships
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
    lines = await activities.recorded_after(work, person.id, command.died_on)
    absences = domain.judge(Recorded(activity, day, outcome) for activity, day, outcome in lines)
    saved = await work.people.save(died)
    await work.outbox.add(events.died(work, saved, by))
    await memberships.close(work, person.id, command.died_on, by)
    await activities.withdraw_absences(work, person.id, absences, by)
    return saved
