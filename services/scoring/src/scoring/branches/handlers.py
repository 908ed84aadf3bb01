"""Hearing of organisations, and who may look at a branch."""

from collections.abc import Collection, Sequence
from datetime import date

from scoring.access import Resource
from scoring.branches.domain import above
from scoring.branches.events import OrganisationSeen
from scoring.ids import CountyId, OrganisationId, PersonId
from scoring.work import Work


async def note_organisations(work: Work, seen: Sequence[OrganisationSeen]) -> None:
    """Keep what registry says of organisations, the highest version of each."""
    last = {each.organisation.id: each for each in sorted(seen, key=lambda each: each.version)}
    await work.organisations.note([(each.county, each.version, each.organisation) for each in last.values()])


async def stubs(work: Work, named: Collection[tuple[CountyId, OrganisationId]]) -> None:
    """Make room for organisations that somebody is a member of and nobody has told of yet."""
    if named:
        await work.organisations.stubs(named)


async def resource(
    work: Work, organisation: OrganisationId | None, day: date, person: PersonId | None = None
) -> Resource:
    """Say where an organisation stands on a day, for a decision about it or about somebody at home in it."""
    tree = await work.organisations.tree(work.county)
    return Resource(work.county, above(organisation, tree, day), person)
