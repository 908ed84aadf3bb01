"""Merging touches the person, where they belonged and who signs in as them; what they attended stays as recorded."""

from dataclasses import dataclass
from datetime import timedelta

from kit.tokens import Principal
from registry.access import Resource, require
from registry.days import day_of
from registry.ids import PersonId
from registry.memberships import handlers as memberships
from registry.merging import domain
from registry.people import handlers as people
from registry.people.domain import Person
from registry.users import handlers as users
from registry.work import Work


@dataclass(frozen=True, slots=True)
class MergePerson:
    person: PersonId
    into: PersonId


async def merge_person(work: Work, command: MergePerson, by: Principal) -> Person:
    """End an entry that is a second one of the same person. Raises Forbidden, UnknownPerson and what domain.merge does.

    Its memberships ended yesterday: from today on the kept entry's own are the person's.
    """
    require(by, "person.merge", Resource(work.county))
    found = await work.people.lock_each({command.person, command.into})
    surviving = await work.people.surviving(found)
    ended, into = found[command.person], found[command.into]
    saved = await people.end_merged(work, domain.merge(ended, into, surviving), into, by)
    await memberships.close(work, saved.id, day_of(work.now) - timedelta(days=1), by)
    await users.follow_merge(work, saved.id, into.id)
    return saved
