"""Reading points: one person's total and its reasons, a branch's, the county's. Above ledger, branches and periods."""

from collections.abc import Collection
from datetime import date

from kit.tokens import Principal
from scoring.access import Reach, Resource, reach_of, require
from scoring.branches import handlers as branches
from scoring.branches.domain import BranchNotFound
from scoring.explanations.domain import (
    AccountNotFound,
    ClosedQuarter,
    NotInScope,
    Settlement,
    Why,
    closed_quarters,
    why,
)
from scoring.ids import OrganisationId, PersonId, Quarter
from scoring.ledger import handlers as ledger
from scoring.ledger import queries
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.explaining import Quarters
from scoring.ledger.domain.worth import published_own
from scoring.periods.domain import PeriodNotFound
from scoring.work import Work


async def account_of(work: Work, person: PersonId, by: Principal) -> Account:
    """One person's account as it stands, that of the entry that goes on. Raises Forbidden, AccountNotFound."""
    entry = await ledger.resolve(work, person)
    account = await work.ledger.account(work.county, entry)
    home = account.belonging.home_on(work.today) if account else None
    whose = await _named_by(work, by, entry)
    require(by, "points.person", await branches.resource(work, home, work.today, whose))
    if account is None:
        raise AccountNotFound(person)
    return account


async def _named_by(work: Work, by: Principal, entry: PersonId) -> PersonId:
    """Name the entry as the asker's login does, if it is the asker's: it may be one that has ended."""
    own = PersonId(by.person) if by.person else None
    return own if own and await ledger.resolve(work, own) == entry else entry


async def closed_of(work: Work, account: Account) -> list[ClosedQuarter]:
    """Every closed quarter that the person has a number of."""
    return closed_quarters(account, await work.periods.rules(work.county))


async def explain(work: Work, person: PersonId, period: Quarter, by: Principal) -> Why:
    """Every line of one quarter, its fact, its rule, its arithmetic, and the sums up to the total.

    Of a quarter that the person left after lines were written or a close published it: those, and nothing.

    Raises Forbidden, AccountNotFound, PeriodNotFound, NotInScope.
    """
    account = await account_of(work, person, by)
    person = account.person
    rules = await work.periods.rules(work.county)
    if period not in rules.periods:
        raise PeriodNotFound(period)
    key = (work.county, person)
    cells = (await work.ledger.cells([key])).get(key, {})
    in_scope = {code: cell for code, cell in cells.items() if cell.in_scope and code in rules.books}
    settlement = _settlement(account, period)
    lines = await work.ledger.lines(work.county, person, period)
    if period not in in_scope and not lines and settlement.published is None:
        raise NotInScope(period)
    facts = (await work.ledger.facts([(*key, period)])).get(key, {})
    # A fact that was corrected into another quarter has left lines here.
    elsewhere = {(*key, line.earned.fact) for line in lines if line.earned.fact and line.earned.fact not in facts}
    facts = {**facts, **(await work.ledger.known(elsewhere)).get(key, {})}
    quarters = Quarters(in_scope, rules.books, published_own(account, rules))
    return why(cells[period], quarters, settlement, lines, facts)


def _settlement(account: Account, period: Quarter) -> Settlement:
    frozen = next((each for each in account.frozen if each.period == period), None)
    if frozen is not None:
        return Settlement(frozen.own, frozen.adjustments)
    told = next((total for total in account.published.totals if total.period == period), None)
    return Settlement(adjustments=told.adjustments if told else {})


async def as_of(work: Work, period: str, day: date | None) -> date:
    """The day whose home branches count: the one asked for, else the period's last or today. Raises PeriodNotFound."""
    last = await queries.last_day(work, period)
    if last is None:
        raise PeriodNotFound(period)
    return day or min(last, work.today)


async def visible_branches(work: Work, by: Principal) -> Collection[OrganisationId] | None:
    """Which organisations the asker may see points of today, of whatever day; None: all. Raises Forbidden."""
    reach = reach_of(by, "points.branch")
    if reach is Reach.SUBTREE:
        return await branches.below(work, by.organisations, work.today)
    require(by, "points.branch", Resource(work.county))
    return None


async def see_branch(work: Work, branch: OrganisationId, by: Principal) -> None:
    """Whether the asker may see it is a matter of today's tree, of whatever day. Raises Forbidden, BranchNotFound."""
    require(by, "points.branch", await branches.resource(work, branch, work.today))
    if not await branches.exists(work, branch):
        raise BranchNotFound(branch)
