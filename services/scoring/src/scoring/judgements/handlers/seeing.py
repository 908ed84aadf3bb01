"""Who may look at which judgements: what was taken from somebody is nobody else's business."""

from collections.abc import Collection

from kit.tokens import Principal
from scoring.access import Reach, Resource, reach_of, require
from scoring.branches import handlers as branches
from scoring.ids import PersonId
from scoring.ledger import handlers as ledger
from scoring.work import Work


async def people_in_sight(work: Work, action: str, by: Principal) -> Collection[PersonId] | None:
    """Of whom the asker may see this today: a member the own, a recorder those at home below; None: all of them.

    Raises Forbidden.
    """
    match reach_of(by, action):
        case Reach.SUBTREE:
            below = await branches.below(work, by.organisations, work.today)
            return await work.judgements.at_home(work.county, below, work.today)
        case Reach.OWN if by.person:
            person = await ledger.resolve(work, PersonId(by.person))
            return await work.judgements.alike(work.county, person)
    require(by, action, Resource(work.county))
    return None
