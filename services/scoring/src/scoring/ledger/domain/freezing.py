"""What a close and a re-opening do to one account."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from scoring.ids import OrganisationId, PersonId, Quarter
from scoring.ledger.domain.accounts import Account, Frozen
from scoring.ledger.domain.cells import Cell
from scoring.ledger.domain.settling import Settled, publish
from scoring.ledger.domain.worth import worth_of
from scoring.periods.domain import Rules
from scoring.rulebooks.domain import grade_of


@dataclass(frozen=True, slots=True)
class Turn:
    """A quarter is closed or opened again on a day; these are the rules after it."""

    period: Quarter
    rules: Rules
    today: date


@dataclass(frozen=True, slots=True)
class Released:
    """What a close published of one person's quarter, and where the person was at home on a day that was asked for."""

    person: PersonId
    branch: OrganisationId | None
    frozen: Frozen
    ended: bool = False  # merged into another entry by now


def freeze(account: Account, turn: Turn, held: Mapping[Quarter, Cell]) -> Settled:
    """Keep what the quarter is told to be worth as what is published; nothing for who is not in scope of it."""
    total = next((total for total in account.published.totals if total.period == turn.period), None)
    if total is None:
        return _told_again(account, account, turn, held)
    grade = grade_of(turn.rules.books[turn.period].bands, total.total)
    frozen = Frozen(turn.period, total.own, total.adjustments, grade)
    after = replace(account, frozen=tuple(sorted((*account.frozen, frozen), key=lambda each: each.period)))
    return _told_again(account, after, turn, held)


def thaw(account: Account, turn: Turn, held: Mapping[Quarter, Cell]) -> Settled:
    """Forget what was published of the quarter, and so also what it settled."""
    after = replace(account, frozen=tuple(each for each in account.frozen if each.period != turn.period))
    return _told_again(account, after, turn, held)


def _told_again(before: Account, after: Account, turn: Turn, held: Mapping[Quarter, Cell]) -> Settled:
    worth = worth_of(after, turn.rules, held)
    account, changed = publish(before, after, worth, turn.today, written=False)
    told = {total.period: total for total in before.published.totals}
    keep = {each for each, total in worth.shown.items() if total != told.get(each)} | ({turn.period} & held.keys())
    return Settled(account, tuple((held[each], worth.shown.get(each)) for each in sorted(keep)), (), changed)
