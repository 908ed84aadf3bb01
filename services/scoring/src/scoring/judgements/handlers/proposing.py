"""Proposing an appraisal or a deduction. Nothing counts and nobody outside is told before a second person confirms."""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from kit.tokens import Principal
from scoring.access import require
from scoring.branches import handlers as branches
from scoring.ids import PersonId, Quarter
from scoring.judgements import domain
from scoring.judgements.domain import (
    About,
    AlreadyAppraised,
    AlreadyProposed,
    Appraisal,
    Deduction,
    Judgement,
    JudgementId,
    PeriodNotOpened,
)
from scoring.judgements.handlers import accounts
from scoring.ledger.domain.accounts import Account
from scoring.periods import handlers as periods
from scoring.periods.domain import Period
from scoring.rulebooks.domain import Book
from scoring.work import Work

T = TypeVar("T", Appraisal, Deduction)


@dataclass(frozen=True, slots=True)
class Grounded(Generic[T]):
    """What is proposed, and why: the grounds stay in this service's table."""

    wanted: T
    grounds: str | None = None


async def propose_appraisal(work: Work, command: Grounded[Appraisal], by: Principal) -> Judgement:
    """Propose a grade.

    Raises Forbidden, NotKnownYet, PeriodNotOpened, OwnAffair, UnknownItem, UnknownGrade, MonthNotAsked,
    MonthNotInPeriod, JudgementInFuture, OutOfScope, NotForClass, AlreadyAppraised.
    """
    wanted = command.wanted
    account, period, book = await _ground(work, wanted.person, wanted.period, "appraisal.propose", by)
    await accounts.require_another(work, account, by)
    about = domain.appraise(wanted, period, book, work.today)
    domain.admit(about, account.standing, account.belonging, period, book)
    people = await work.judgements.alike(work.county, account.person)
    if await work.judgements.is_appraised(work.county, people, about):
        raise AlreadyAppraised(about.month or about.period)
    return await _propose(work, about, command.grounds, by)


async def propose_deduction(work: Work, command: Grounded[Deduction], by: Principal) -> Judgement:
    """Propose to take points away, or a veto.

    Raises Forbidden, NotKnownYet, PeriodNotOpened, JudgementInFuture, UnknownItem, OutOfScope, NotForClass, ExemptDay,
    AlreadyProposed.
    """
    wanted = command.wanted
    account, period, book = await _ground(work, wanted.person, wanted.period, "deduction.propose", by)
    about = domain.deduct(wanted, book, work.today)
    domain.admit(about, account.standing, account.belonging, period, book)
    people = await work.judgements.alike(work.county, account.person)
    if await work.judgements.is_deducted(work.county, people, about):
        raise AlreadyProposed(about.day)
    return await _propose(work, about, command.grounds, by)


async def open_proposals(work: Work, period: Quarter) -> int:
    """How many proposals of a quarter nobody has decided on. Exact while the county is held for writing."""
    return await work.judgements.open_proposals(work.county, period)


async def _ground(
    work: Work, person: PersonId, code: Quarter, action: str, by: Principal
) -> tuple[Account, Period, Book]:
    """The account under lock that a judgement of this person counts for, and the quarter with its book."""
    await require_for(work, person, action, by)
    rules = (await periods.hold(work, {work.county}))[work.county]
    account = await accounts.hold(work, person)
    if code not in rules.periods:
        raise PeriodNotOpened(code)
    return account, *rules.periods[code]


async def require_for(work: Work, person: PersonId, action: str, by: Principal) -> None:
    """Whether the asker may do this to somebody who is at home where they are today. Raises Forbidden."""
    account = await accounts.account_of(work, person)
    home = account.belonging.home_on(work.today) if account else None
    require(by, action, await branches.resource(work, home, work.today, person))


async def _propose(work: Work, about: About, grounds: str | None, by: Principal) -> Judgement:
    judgement = replace(Judgement(JudgementId(work.new_id()), about, by.user), grounds=grounds)
    await work.judgements.save([(work.county, judgement)], work.now)
    return judgement
