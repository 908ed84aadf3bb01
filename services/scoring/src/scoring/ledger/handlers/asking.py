"""What other nouns ask of the accounts."""

from scoring.ids import CountyId, PersonId
from scoring.ledger.domain.accounts import Account
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


async def everybody(work: Work) -> list[Account]:
    """Read all the county's accounts, in the order of their ids, without a lock."""
    return await work.ledger.everybody(work.county)
