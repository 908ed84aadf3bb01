"""Hearing of organisations, and who may look at a branch."""

from collections.abc import Collection, Sequence
from datetime import date

from scoring.access import Resource
from scoring.branches.domain import above, within
from scoring.branches.events import OrganisationSeen
from scoring.ids import CountyId, OrganisationId, PersonId
from scoring.work import Work


async def note(
    work: Work, seen: Sequence[OrganisationSeen], named: Collection[tuple[CountyId, OrganisationId]]
) -> None:
    """Keep what registry says of organisations, the highest version of each.

    There is room then also for those that somebody is a member of and nobody has told of yet, the `named`.
    """
    last = {(each.county, each.organisation.id): each for each in sorted(seen, key=lambda each: each.version)}
    if rows := {*last, *named}:
        await work.organisations.stubs(rows)
    if last:
        await work.organisations.note([(each.county, each.version, each.organisation) for each in last.values()])


async def resource(
    work: Work, organisation: OrganisationId | None, day: date, person: PersonId | None = None
) -> Resource:
    """Say where an organisation stands on a day, for a decision about it or about somebody at home in it."""
    tree = await work.organisations.tree(work.county)
    return Resource(work.county, above(organisation, tree, day), person)


async def below(work: Work, tops: Collection[str], day: date) -> list[OrganisationId]:
    """Every organisation in or below one of these on a day."""
    return within(tops, await work.organisations.tree(work.county), day)


async def exists(work: Work, organisation: OrganisationId) -> bool:
    return organisation in await work.organisations.tree(work.county)
