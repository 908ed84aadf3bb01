"""What an account is worth: every open quarter's total, with what is settled in it for the closed ones.

A closed quarter has two numbers: what was published, and what it would truly be with all that came since. The earliest
open quarter carries the difference, outside all caps, less what later closes have settled of it already.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from scoring.ids import Quarter
from scoring.ledger.domain import cells
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.cells import Cell, Total
from scoring.periods.domain import Rules


@dataclass(frozen=True, slots=True)
class Worth:
    shown: Mapping[Quarter, Total]  # what was worked out: of an open quarter with adjustments, of a closed its true own
    totals: tuple[Total, ...]  # of every open quarter in scope, earliest first
    trues: Mapping[Quarter, int]


def worth_of(account: Account, rules: Rules, now: Mapping[Quarter, Cell]) -> Worth:
    """Add everything up again."""
    return _added_up(account, rules, now, {})


def worth_of_years(account: Account, rules: Rules, now: Mapping[Quarter, Cell], moved: Collection[Quarter]) -> Worth:
    """Add up again the years of what moved and of what is open. Of the other years what was told holds.

    Chains end with the year, so an event costs the same however many years a county has behind it.
    """
    years = {*rules.open_years, *(period[:4] for period in moved)}
    told = {period: true for period, true in account.published.trues.items() if period[:4] not in years}
    return _added_up(account, rules, {period: cell for period, cell in now.items() if period[:4] in years}, told)


def _added_up(account: Account, rules: Rules, now: Mapping[Quarter, Cell], elsewhere: Mapping[Quarter, int]) -> Worth:
    """Add these cells up. `elsewhere` is what is true of the closed quarters of other years."""
    in_scope = {period: cell for period, cell in now.items() if cell.in_scope}
    shown = cells.own_totals(in_scope, rules.books, published_own(account, rules))
    trues = {**elsewhere, **{period: shown[period].own for period in rules.closed if period in shown}}
    carrying = rules.earliest_open
    if carrying in shown and rules.closed:
        shown[carrying] = adjusted(shown[carrying], adjustments(account, rules, trues))
    totals = tuple(shown[period] for period in sorted(shown) if period in rules.open)
    return Worth(shown, totals, trues)


def published_own(account: Account, rules: Rules) -> dict[Quarter, int | None]:
    """What was published of every closed quarter. None: nothing, since the person was not in scope by then."""
    return {**dict.fromkeys(rules.closed), **{each.period: each.own for each in account.frozen}}


def adjustments(account: Account, rules: Rules, trues: Mapping[Quarter, int]) -> dict[Quarter, int]:
    """Say what is owed for each closed quarter: true − published − settled by later closes. Zeros are left out."""
    published = {each.period: each.own for each in account.frozen}
    owed = {
        period: trues.get(period, 0) - published.get(period, 0) - _settled(account, period) for period in rules.closed
    }
    return {period: value for period, value in owed.items() if value}


def adjusted(total: Total, owed: Mapping[Quarter, int]) -> Total:
    return replace(total, adjustments=owed, total=total.own + sum(owed.values()))


def worth_of_moved(account: Account, rules: Rules, now: Mapping[Quarter, Cell], moved: Collection[Quarter]) -> Worth:
    """Add up only the open cells that moved; where no quarter looks at another, what was told of the rest holds."""
    told = account.published
    own = cells.own_totals({period: now[period] for period in moved}, rules.books, {})
    totals = tuple(
        adjusted(own[total.period], total.adjustments) if total.period in own else total for total in told.totals
    )
    shown = {total.period: total for total in totals if total.period in own}
    return Worth(shown, totals, told.trues)


def _settled(account: Account, period: Quarter) -> int:
    return sum(each.adjustments.get(period, 0) for each in account.frozen)
