"""Who may look at which judgements: what was taken from somebody is nobody else's business."""

from collections.abc import Collection

from kit.tokens import Principal
from scoring.access import Reach, Resource, reach_of, require
from scoring.branches import handlers as branches
from scoring.ids import PersonId
from scoring.ledger import handlers as ledger
from scoring.work import Work


async def people_in_sight(work: Work, action: str, by: Principal) -> Collection[PersonId] | None:
    """Of whom the asker may see this today: a member the own, a recorder those at home below too; None: all of them.

    Raises Forbidden.
    """
    match reach_of(by, action):
        case Reach.SUBTREE:
            below = await branches.below(work, by.organisations, work.today)
            return {*await work.judgements.at_home(work.county, below, work.today), *await _own(work, by)}
        case Reach.OWN if by.person:
            return await _own(work, by)
    require(by, action, Resource(work.county))
    return None


async def _own(work: Work, by: Principal) -> Collection[PersonId]:
    """Every entry of the person that the asker is."""
    return await entries(work, PersonId(by.person)) if by.person else ()


async def entries(work: Work, person: PersonId) -> Collection[PersonId]:
    """The entry that goes on, and every one that was merged into it."""
    return await work.judgements.alike(work.county, await ledger.resolve(work, person))
