"""Deciding on a proposal and taking back what counted. What counts moves the ledger in the same transaction."""

from kit.tokens import Principal
from scoring.access import Resource, require
from scoring.judgements import domain
from scoring.judgements.domain import Judgement, State
from scoring.judgements.handlers import accounts
from scoring.judgements.handlers.following import follow
from scoring.judgements.handlers.telling import Held, Turned, tell
from scoring.ledger.domain.accounts import Account
from scoring.periods import handlers as periods
from scoring.work import Work


async def confirm(work: Work, judgement: str, by: Principal) -> Judgement:
    """Let a proposal count, also in a quarter that is closed: it is settled in the earliest open one then.

    Raises Forbidden, JudgementNotFound, OwnAffair, NotThatWay, OwnProposal, OutOfScope, NotForClass, ExemptDay.
    """
    require(by, "judgement.confirm", Resource(work.county))
    rules, account, before = await _held(work, judgement, by)
    after = domain.confirm(before, by.user)
    period, book = rules[work.county].periods[after.about.period]
    domain.admit(after.about, account.standing, account.belonging, period, book)
    await _keep(work, Turned(account, after), rules, by)
    return after


async def refuse(work: Work, judgement: str, reason: str | None, by: Principal) -> Judgement:
    """Decide that a proposal shall not count. Raises Forbidden, JudgementNotFound, OwnAffair, NotThatWay."""
    require(by, "judgement.refuse", Resource(work.county))
    _, _, before = await _held(work, judgement, by)
    after = domain.refuse(before, by.user, reason)
    await work.judgements.save([(work.county, after)], work.now)
    return after


async def withdraw(work: Work, judgement: str, reason: str | None, by: Principal) -> Judgement:
    """Take a judgement back for good, whether it counted already or not.

    Raises Forbidden, JudgementNotFound, OwnAffair, NotThatWay, OwnProposal, ReasonMissing.
    """
    require(by, "judgement.withdraw", Resource(work.county))
    rules, account, before = await _held(work, judgement, by)
    after = domain.withdraw(before, by.user, reason)
    if before.state is State.CONFIRMED:
        await _keep(work, Turned(account, after), rules, by)
    else:
        await work.judgements.save([(work.county, after)], work.now)
    return after


async def _held(work: Work, id_: str, by: Principal) -> tuple[Held, Account, Judgement]:
    """County, account, judgement: the order in which rows are locked everywhere. Nobody decides in their own affair."""
    found = await work.judgements.find(work.county, id_)
    rules = await periods.hold(work, {work.county})
    account = await accounts.hold(work, found.about.person)
    await accounts.require_another(work, account, by)
    return rules, account, await work.judgements.lock(work.county, id_)


async def _keep(work: Work, turned: Turned, rules: Held, by: Principal) -> None:
    await work.judgements.save([(work.county, turned.judgement)], work.now)
    changes = await tell(work, [turned], rules, work.asked_by(by))
    await follow(work, changes, rules)
