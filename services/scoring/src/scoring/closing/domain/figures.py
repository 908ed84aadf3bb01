"""What a close comes to: for the county and for each branch, in the order of the branches' ids."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scoring.ids import OrganisationId, Quarter
from scoring.ledger.domain.accounts import Account
from scoring.notices.domain import Result


@dataclass(frozen=True, slots=True)
class Sum:
    """No branch: people who were at home in none on the quarter's last day. They are on no notice."""

    branch: OrganisationId | None
    people: int
    total: int


@dataclass(frozen=True, slots=True)
class Figures:
    people: int
    total: int
    branches: tuple[Sum, ...]


def published(accounts: Iterable[Account], period: Quarter, ends_on: date) -> list[Result]:
    """What was frozen for everybody. Who was entered twice is told of under the entry that goes on."""
    return [
        Result(
            account.person,
            account.belonging.home_on(ends_on),
            frozen.own + sum(frozen.adjustments.values()),
            frozen.grade,
        )
        for account in accounts
        for frozen in account.frozen
        if frozen.period == period and account.merged_into is None
    ]


def expected(accounts: Iterable[Account], period: Quarter, ends_on: date) -> list[Result]:
    """What would be frozen if the quarter were closed now."""
    return [
        Result(account.person, account.belonging.home_on(ends_on), total.total, None)
        for account in accounts
        for total in account.published.totals
        if total.period == period
    ]


def figures(results: Iterable[Result]) -> Figures:
    totals: dict[OrganisationId | None, list[int]] = defaultdict(list)
    for result in results:
        totals[result.branch].append(result.total)
    branches = sorted(totals, key=lambda branch: (branch is None, branch or ""))
    sums = tuple(Sum(branch, len(totals[branch]), sum(totals[branch])) for branch in branches)
    return Figures(sum(each.people for each in sums), sum(each.total for each in sums), sums)
