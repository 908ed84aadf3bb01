"""What other nouns ask of the accounts."""

from collections.abc import AsyncIterator, Collection
from datetime import date

from scoring.ids import CountyId, PersonId, Quarter
from scoring.ledger.domain.freezing import Released
from scoring.ledger.domain.merging import canonical
from scoring.work import Work


async def resolve(work: Work, person: PersonId, county: CountyId | None = None) -> PersonId:
    """Name the entry of the person that goes on after every merge: the person itself, if there was none."""
    county = county or work.county
    merged: dict[tuple[CountyId, PersonId], PersonId] = {}
    further = {(county, person)}
    while further:
        found = await work.ledger.merged(further)
        further = {(county, into) for into in found.values()} - merged.keys() - found.keys()
        merged |= found
    return canonical((county, person), merged)[1]


async def pending(work: Work) -> int:
    """Count the county's accounts that its last opening has not reached yet."""
    return await work.ledger.pending(work.county)


def released(work: Work, periods: Collection[Quarter], day: date) -> AsyncIterator[Released]:
    """Stream what the closes of these quarters published, in the order of the people's ids, without a lock.

    Each with the home branch of the day.
    """
    return work.ledger.released(work.county, periods, day)
