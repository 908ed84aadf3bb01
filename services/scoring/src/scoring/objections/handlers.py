"""Filing an objection, answering it, and who may look at which."""

from dataclasses import replace

from kit.commands import NotKnownYet
from kit.tokens import Principal
from scoring.access import Reach, Resource, can, reach_of, require
from scoring.branches import handlers as branches
from scoring.events import Cause
from scoring.ids import OrganisationId, PersonId, Quarter
from scoring.objections import domain, events
from scoring.objections.domain import SELF, Answer, Filing, Objection, Party, Sight
from scoring.periods import handlers as periods
from scoring.periods.domain import PeriodNotFound
from scoring.work import Work

DESK = "desk"


async def file_objection(work: Work, filing: Filing, by: Principal) -> Objection:
    """Take an objection in, however it was handed in.

    Raises Forbidden, NotKnownYet, PeriodNotFound, WrongOrigin, NotTheDay, NotNoticed, AlreadyFinal, OutsideWindow,
    AlreadyObjected.
    """
    home = await _home(work, filing.person)
    require(by, "objection.file", await branches.resource(work, home, work.today, filing.person))
    await periods.hold(work, {work.county})  # else a quarter is made final while somebody objects to it
    if await work.ledger.account(work.county, filing.person) is None:
        raise NotKnownYet("这位同志的资料尚未同步到积分系统，请稍后再试。")
    hearing = await work.objections.hearing(work.county, filing.period)
    if hearing is None:
        raise PeriodNotFound(filing.period)
    objection = domain.file(work.new_id(), _whole(filing, by), _party(by), hearing, work.today)
    await work.objections.add(work.county, objection, work.now)
    cause = Cause(work.correlation, actor=by.user, origin=objection.filing.origin)
    await work.outbox.add(events.told(work, cause, objection, home))
    return objection


async def answer_objection(work: Work, objection: str, given: Answer, by: Principal) -> Objection:
    """Uphold an objection by what put it right, or decline it.

    Raises Forbidden, ObjectionNotFound, AlreadyAnswered, OwnObjection, CorrectionMissing, NotKnownYet.
    """
    require(by, "objection.answer", Resource(work.county))
    await periods.hold(work, {work.county})
    answered = domain.answer(await work.objections.one(work.county, objection), given, _party(by))
    person = answered.filing.person
    if given.correction is not None:
        await _put_right(work, person, given.correction)
    await work.objections.save(work.county, answered, work.now)
    cause = Cause(work.correlation, actor=by.user, origin=DESK)
    await work.outbox.add(events.told(work, cause, answered, await _home(work, person)))
    return answered


async def open_objections(work: Work, period: Quarter) -> int:
    """How many objections to a quarter nobody has answered yet. The county is held."""
    return await work.objections.open_count(work.county, period)


async def sight(work: Work, by: Principal) -> Sight:
    """Whose objections the asker may list. Raises Forbidden."""
    reach = reach_of(by, "objection.read")
    if reach is Reach.SUBTREE:
        return Sight(branches=await branches.below(work, by.organisations, work.today))
    own = PersonId(by.person) if reach is Reach.OWN and by.person else None
    require(by, "objection.read", Resource(work.county, person=own))
    return Sight(person=own)


async def see(work: Work, person: PersonId, by: Principal) -> bool:
    """Let the asker see an objection of this person; tell whether with its words. Raises Forbidden."""
    resource = await branches.resource(work, await _home(work, person), work.today, person)
    require(by, "objection.read", resource)
    return can(by, "objection.words", resource)


async def _put_right(work: Work, person: PersonId, subject: str) -> None:
    """Be sure that the correction is something of this person. Raises NotKnownYet."""
    known = await work.ledger.known({(work.county, person, subject)})
    if not known:
        raise NotKnownYet("没有找到所写的更正：它还没有同步到积分系统，或者不是这位同志的登记。")


async def _home(work: Work, person: PersonId) -> OrganisationId | None:
    account = await work.ledger.account(work.county, person)
    return account.belonging.home_on(work.today) if account else None


def _whole(filing: Filing, by: Principal) -> Filing:
    """Who files for themselves need not say so."""
    if filing.origin:
        return filing
    return replace(filing, origin=SELF if by.person == filing.person else DESK)


def _party(by: Principal) -> Party:
    return Party(by.user, PersonId(by.person) if by.person else None)
