"""Filing an objection, answering it, and who may look at which."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from kit.commands import NotKnownYet
from kit.tokens import Principal
from scoring.access import Resource, reach_of, require
from scoring.branches import handlers as branches
from scoring.exemptions.domain import ExemptionNotFound
from scoring.ids import OrganisationId, PersonId, Quarter
from scoring.judgements import handlers as judgements
from scoring.judgements.domain import JudgementNotFound, Kind
from scoring.judgements.domain import State as Decided
from scoring.ledger import handlers as ledger
from scoring.ledger.domain.accounts import Account
from scoring.objections import domain, events
from scoring.objections.domain import (
    SELF,
    AlreadyObjected,
    Answer,
    CorrectionElsewhere,
    Filing,
    Names,
    NeverACorrection,
    NotCorrected,
    NotNoticed,
    Objection,
    ObjectionNotFound,
    OwnDecision,
    Party,
)
from scoring.periods import handlers as periods
from scoring.periods.domain import PeriodNotFound, quarter_of
from scoring.work import Work

DESK = "desk"


@dataclass(frozen=True, slots=True)
class Case:
    """An objection that is held with its person's account, and every entry of the person."""

    objection: Objection
    account: Account
    entries: Collection[PersonId]


@dataclass(frozen=True, slots=True)
class Wish:
    """Why, and who asks for it."""

    reason: str
    by: Principal


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
    alike = await judgements.entries(work, account.person)
    if await work.objections.is_open(work.county, alike, filing.period):
        raise AlreadyObjected(filing.period)
    await work.objections.add(work.county, objection, alike, work.now)
    cause = work.asked_by(by, objection.filing.origin)
    await work.outbox.add(events.told(work, cause, objection, _home(work, account)))
    return objection


async def answer_objection(work: Work, objection: str, given: Answer, by: Principal) -> Objection:
    """Uphold an objection by what put it right, or decline it. A judgement that was wrong is withdrawn with it.

    Raises Forbidden, ObjectionNotFound, AlreadyAnswered, OwnObjection, OwnDecision, CorrectionMissing, NotKnownYet,
    NeverACorrection, CorrectionElsewhere, NotCorrected.
    """
    require(by, "objection.answer", Resource(work.county))
    await periods.hold(work, {work.county})
    filed = await work.objections.lock(work.county, objection)
    account = await judgements.hold(work, filed.filing.person)
    answered = domain.answer(filed, given, await _party(work, by), account.person)
    alike = await judgements.entries(work, account.person)
    if given.correction is not None:
        await _put_right(work, Case(filed, account, alike), given.correction, Wish(given.reason, by))
    elif await work.objections.decided(work.county, alike, filed.filing.period, by.user):
        raise OwnDecision(filed.filing.period)
    await work.objections.save(work.county, answered, work.now)
    cause = work.asked_by(by)
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


async def _put_right(work: Work, case: Case, subject: str, wish: Wish) -> None:
    """Be sure that the correction put something of this person and period right; what was judged is withdrawn.

    A correction is what does not stand as it stood when the objection was filed, by its version, or what brought
    something else after the close published: a paper may be recorded after all has been put right. No clock of
    another service is asked.
    """
    match domain.names(subject, case.entries):
        case Names.ENTRY:
            await _require_changed(work, case, subject, await _version(work, PersonId(subject)), None)
        case Names.RECORDED:
            await _require_recorded(work, case, subject)
        case Names.MADE:
            await _put_right_made(work, case, subject, wish)


async def _require_recorded(work: Work, case: Case, subject: str) -> None:
    key = (work.county, case.account.person)
    fact = (await work.ledger.known({(*key, subject)})).get(key, {}).get(subject)
    if fact is None:
        raise NotKnownYet("没有找到所写的更正：它还没有同步到积分系统，请稍后再试。")
    await _require_of_period(work, case, subject, quarter_of(fact.day))
    await _require_changed(work, case, subject, fact.version, subject)


async def _put_right_made(work: Work, case: Case, subject: str, wish: Wish) -> None:
    person, _, id_ = subject.partition("/")
    try:
        judgement = await work.judgements.find(work.county, id_)
    except JudgementNotFound:
        await _require_exempted(work, case, person, id_)
        return
    if judgement.about.person != person:
        raise NeverACorrection
    await _require_of_period(work, case, subject, judgement.about.period)
    entered_since = judgement.about.kind is Kind.APPRAISAL and case.objection.stood.get(subject) != judgement.told
    if judgement.state is not Decided.CONFIRMED:
        await _require_changed(work, case, subject, judgement.told, subject)
    elif not entered_since:  # an appraisal that was missing stays
        await judgements.withdraw(work, id_, wish.reason, wish.by)


async def _require_exempted(work: Work, case: Case, person: str, id_: str) -> None:
    try:
        exemption = await work.exemptions.find(work.county, id_)
    except ExemptionNotFound as error:
        raise NeverACorrection from error
    if exemption.person != person:
        raise NeverACorrection
    if not await work.objections.exempted(work.county, id_, case.objection):
        raise NotCorrected


async def _require_of_period(work: Work, case: Case, subject: str, quarter: Quarter) -> None:
    """It belongs to the period now, or it did before it was put right."""
    if case.objection.concerns(quarter) or subject in case.objection.stood:
        return
    if not await work.objections.moved(work.county, case.entries, subject, case.objection.filing.period):
        raise CorrectionElsewhere(case.objection.filing.period)


async def _require_changed(work: Work, case: Case, subject: str, version: int, fact: str | None) -> None:
    """`fact`: what the lines say that they are for, None for those of the class. Version 0 was never told."""
    if version and case.objection.stood.get(subject) != version:
        return
    if not await work.objections.moved(work.county, case.entries, fact, case.objection.filing.period):
        raise NotCorrected


async def _version(work: Work, person: PersonId) -> int:
    account = await work.ledger.account(work.county, person)
    return account.life.version if account else 0


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
