"""Filing an objection, answering it, and who may look at which."""

from collections.abc import Collection
from dataclasses import replace

from kit.commands import NotKnownYet
from kit.tokens import Principal
from scoring.access import Resource, reach_of, require
from scoring.branches import handlers as branches
from scoring.events import Cause
from scoring.ids import OrganisationId, PersonId, Quarter
from scoring.judgements import handlers as judgements
from scoring.ledger import handlers as ledger
from scoring.ledger.domain.accounts import Account
from scoring.objections import domain, events
from scoring.objections.domain import (
    SELF,
    AlreadyObjected,
    Answer,
    Filing,
    NotNoticed,
    Objection,
    ObjectionNotFound,
    Party,
)
from scoring.periods import handlers as periods
from scoring.periods.domain import PeriodNotFound
from scoring.rulebooks.domain import APPRAISED, DEDUCTED
from scoring.work import Work

DESK = "desk"


async def file_objection(work: Work, told: Filing, by: Principal) -> Objection:
    """Take an objection in, however it was handed in.

    Raises Forbidden, NotKnownYet, PeriodNotFound, WrongOrigin, NotTheDay, NotNoticed, AlreadyFinal, OutsideWindow,
    AlreadyObjected.
    """
    party, filing = await _party(work, by), await _whole(work, told)
    await _require_for(work, filing.person, party, by)
    await periods.hold(work, {work.county})  # else a quarter is made final while somebody objects to it
    account = await judgements.hold(work, filing.person)  # else two entries object at once, and then are one
    if account.person != filing.person:
        raise NotKnownYet("这位同志的两份资料正在合并，请稍后再试。")
    hearing = await work.objections.hearing(work.county, filing.period)
    if hearing is None:
        raise PeriodNotFound(filing.period) if "Q" in filing.period else NotNoticed(filing.period)
    filing = filing if filing.origin else replace(filing, origin=SELF if party.person == filing.person else DESK)
    objection = domain.file(work.new_id(), filing, party, hearing, work.today)
    if await work.objections.is_open(work.county, await judgements.entries(work, account.person), filing.period):
        raise AlreadyObjected(filing.period)
    await work.objections.add(work.county, objection, work.now)
    cause = Cause(work.correlation, actor=by.user, origin=objection.filing.origin)
    await work.outbox.add(events.told(work, cause, objection, _home(work, account)))
    return objection


async def answer_objection(work: Work, objection: str, given: Answer, by: Principal) -> Objection:
    """Uphold an objection by what put it right, or decline it. A judgement that was wrong is withdrawn with it.

    Raises Forbidden, ObjectionNotFound, AlreadyAnswered, OwnObjection, CorrectionMissing, NotKnownYet.
    """
    require(by, "objection.answer", Resource(work.county))
    await periods.hold(work, {work.county})
    filed = await work.objections.lock(work.county, objection)
    account = await judgements.hold(work, filed.filing.person)
    answered = domain.answer(filed, given, await _party(work, by), account.person)
    if given.correction is not None:
        await _put_right(work, account.person, given.correction, given.reason, by)
    await work.objections.save(work.county, answered, work.now)
    cause = Cause(work.correlation, actor=by.user, origin=DESK)
    await work.outbox.add(events.told(work, cause, answered, _home(work, account)))
    return answered


async def open_objections(work: Work, period: Quarter) -> int:
    """How many objections to a quarter nobody has answered yet. Exact while the county is held for writing."""
    return await work.objections.open_count(work.county, period)


async def sight(work: Work, by: Principal) -> Collection[PersonId] | None:
    """Whose objections the asker may see today; None: everybody's. Raises Forbidden."""
    return await judgements.people_in_sight(work, "objection.read", by)


async def entries(work: Work, person: PersonId | None) -> Collection[PersonId] | None:
    """Every entry under which somebody may have objected; None: nobody is asked for."""
    return None if person is None else await judgements.entries(work, person)


async def see(work: Work, objection: str, person: PersonId, by: Principal) -> bool:
    """Let the asker see an objection of this person; tell whether with its words.

    Raises Forbidden, ObjectionNotFound.
    """
    people = await sight(work, by)
    if people is not None and person not in people:
        raise ObjectionNotFound(objection)
    return reach_of(by, "objection.words") is not None


async def _put_right(work: Work, person: PersonId, subject: str, reason: str, by: Principal) -> None:
    """Be sure that the correction is something of this person; a judgement does not stand after it."""
    goes_on = (work.county, person)
    fact = (await work.ledger.known({(*goes_on, subject)})).get(goes_on, {}).get(subject)
    if fact is None:
        raise NotKnownYet("没有找到所写的更正：它还没有同步到积分系统，或者不是这位同志的登记。")
    if fact.shape.event in (APPRAISED, DEDUCTED) and not fact.withdrawn:
        await judgements.withdraw(work, subject.rpartition("/")[2], reason, by)


async def _require_for(work: Work, person: PersonId, party: Party, by: Principal) -> None:
    """Raise Forbidden for who may not file for this person. A login may still name an entry that was merged."""
    account = await work.ledger.account(work.county, person)
    named = PersonId(by.person) if by.person and party.person == person else person
    home = _home(work, account) if account else None
    require(by, "objection.file", await branches.resource(work, home, work.today, named))


def _home(work: Work, account: Account) -> OrganisationId | None:
    return account.belonging.home_on(work.today)


async def _whole(work: Work, told: Filing) -> Filing:
    """The same for the entry of the person that goes on."""
    goes_on = await ledger.resolve(work, told.person)
    behalf = goes_on if told.on_behalf_of == told.person else told.on_behalf_of
    return replace(told, person=goes_on, on_behalf_of=behalf)


async def _party(work: Work, by: Principal) -> Party:
    return Party(by.user, await ledger.resolve(work, PersonId(by.person)) if by.person else None)
