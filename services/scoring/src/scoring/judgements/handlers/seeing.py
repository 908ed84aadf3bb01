"""Who may look at which judgements: what was taken from somebody is nobody else's business."""

from collections.abc import Collection

from kit.tokens import Principal
from scoring.access import Reach, Resource, reach_of, require
from scoring.branches import handlers as branches
from scoring.ids import PersonId
from scoring.judgements.domain import Sight
from scoring.ledger import handlers as ledger
from scoring.work import Work


async def sight(work: Work, noun: str, by: Principal) -> Sight:
    """How much of the `noun` the asker sees today. Raises Forbidden."""
    people = await people_in_sight(work, f"{noun}.read", by)
    own = () if people is None else await _own(work, by)
    reach = reach_of(by, f"{noun}.words")
    words = None if reach is Reach.COUNTY else own if reach is Reach.OWN else ()
    return Sight(people, words, own)


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
