"""What other nouns ask of the accounts."""

from bus.errors import RetryLater
from scoring.ids import CountyId, PersonId, Quarter
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


async def hold(work: Work, person: PersonId) -> Account:
    """Lock the account of the entry that goes on. The caller holds the county."""
    key = (work.county, await resolve(work, person))
    await work.ledger.stubs([key])
    account = (await work.ledger.lock([key]))[key]
    if account.life.merged_into:
        raise RetryLater("the entry was merged while it was being looked for")
    return account


async def in_scope(work: Work, person: PersonId, period: Quarter) -> bool:
    """Tell whether the person has a quarter that counts, as far as the ledger has come."""
    key = (work.county, person)
    cell = (await work.ledger.cells([key])).get(key, {}).get(period)
    return cell is not None and cell.in_scope


async def pending(work: Work) -> int:
    """Count the county's accounts that its last opening has not reached yet."""
    return await work.ledger.pending(work.county)


async def everybody(work: Work) -> list[Account]:
    """Read all the county's accounts, in the order of their ids, without a lock."""
    return await work.ledger.everybody(work.county)
