"""Folding one person from everything at once, with the very functions that the worker folds batches with."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from scoring.ids import CountyId, PersonId
from scoring.ledger.domain import accounts
from scoring.ledger.domain.accounts import Account, Frozen
from scoring.ledger.domain.settling import Loaded, Settled, settle
from scoring.ledger.domain.standing import Life
from scoring.periods.domain import Period, Rules
from scoring.recount.domain.gathering import Gathered
from scoring.recount.domain.pictures import Picture, cell_row
from scoring.rulebooks.domain import Book, grade_of

EPOCH = 1
"""Every period is new to an account that begins with nothing."""


def rules_of(periods: Iterable[Period], books: Mapping[str, Book]) -> Rules:
    """The rules in force, by the last word on every period."""
    return Rules(EPOCH, {period.code: (period, books[period.book]) for period in periods})


def count(  # noqa: PLR0913 — a person's parts
    key: tuple[CountyId, PersonId],
    life: Life | None,
    gathered: Gathered,
    rules: Rules,
    *,
    frozen: Sequence[Frozen] = (),
    absorbing: bool = False,
) -> Picture:
    """Work out what the tables must hold of one person. `frozen` is what closes have published."""
    account = Account(*key, frozen=tuple(frozen))
    taken = accounts.take(account, gathered.news(life), {}, rules, absorbing=absorbing)
    settled = settle(taken, rules, Loaded({}, taken.facts), date.max, lambda: "")
    return _picture(settled, gathered, rules)


def _picture(settled: Settled, gathered: Gathered, rules: Rules) -> Picture:
    account = settled.account
    published = {each.period: each.total for each in account.frozen}
    picture = Picture(
        facts=dict(gathered.facts),
        cells={cell.period: cell_row(cell, total, published.get(cell.period)) for cell, total in settled.cells},
        lines=Counter((line.period, line.book, line.earned) for line in settled.lines),
    )
    picture.see_account(account, ended=account.life.merged_into is not None)
    picture.frozen = {each.period: _graded(each, rules) for each in account.frozen}
    return picture


def _graded(frozen: Frozen, rules: Rules) -> Frozen:
    """What was published is taken from its event; its grade follows from it."""
    return replace(frozen, grade=grade_of(rules.books[frozen.period].bands, frozen.total))
