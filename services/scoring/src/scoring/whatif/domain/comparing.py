"""What people would have under another book, beside what the book in force gives them. Pure, and nothing is kept of it.

Both sides are rated from the same kept facts. The other quarters stay as they are in force, and so does what a
carried base or a year's cap takes from them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from scoring.ids import BookId, PersonId, Quarter
from scoring.ledger.domain import cells
from scoring.ledger.domain.cells import Cell
from scoring.ledger.domain.explaining import Explanation, Quarters, explain
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.settling import earned_since
from scoring.ledger.domain.standing import Belonging, Standing, scope_of
from scoring.periods.domain import Rules
from scoring.rulebooks.domain import BASE, Book


@dataclass(frozen=True, slots=True)
class Trial:
    """Which opened quarter is rated again, by which book, and the rules that are in force."""

    period: Quarter
    book: Book
    rules: Rules

    @property
    def in_force(self) -> Book:
        return self.rules.periods[self.period][1]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ledger keeps of one person: the dated history, all cells, and the facts of the quarter that is tried."""

    person: PersonId
    standing: Standing
    belonging: Belonging
    cells: Mapping[Quarter, Cell]
    facts: Sequence[Fact]
    frozen_own: Mapping[Quarter, int | None] = field(default_factory=dict)  # what closes published


class Verdict(StrEnum):
    GAINS = "gains"
    LOSES = "loses"
    SAME = "same"
    ENTERS = "enters"  # in scope under the other book only
    LEAVES = "leaves"  # in scope under the book in force only
    OUTSIDE = "outside"  # in scope under neither


@dataclass(frozen=True, slots=True)
class Change:
    """The base, an item or an aspect that comes to something else, with both books' arithmetic; "": it is not there."""

    code: str
    name: str
    before: int
    after: int
    arithmetic_before: str = ""
    arithmetic_after: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One person's own total of the quarter, without adjustments. None: not in scope."""

    person: PersonId
    before: int | None
    after: int | None
    arithmetic_before: str = ""
    arithmetic_after: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def verdict(self) -> Verdict:
        if self.before is None or self.after is None:
            return _of_scope(self.before, self.after)
        if self.before == self.after:
            return Verdict.SAME
        return Verdict.GAINS if self.before < self.after else Verdict.LOSES


@dataclass(slots=True)
class Tally:
    """All outcomes together; who is out of scope adds nothing."""

    before: int = 0
    after: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        self.before += outcome.before or 0
        self.after += outcome.after or 0
        self.verdicts[outcome.verdict] += 1


def compare(kept: Kept, trial: Trial) -> Outcome:
    """Rate the quarter twice, under the book in force and under the other one."""
    before, after = _rated(kept, trial, trial.in_force), _rated(kept, trial, trial.book)
    return Outcome(
        kept.person,
        before.total.own if before else None,
        after.total.own if after else None,
        before.arithmetic if before else "",
        after.arithmetic if after else "",
        tuple(_changes(before, after)) if before and after else (),
    )


def _of_scope(before: int | None, after: int | None) -> Verdict:
    if before is None and after is None:
        return Verdict.OUTSIDE
    return Verdict.ENTERS if before is None else Verdict.LEAVES


def _rated(kept: Kept, trial: Trial, book: Book) -> Explanation | None:
    """Rate the quarter's cell from nothing and explain it; None: not in scope."""
    period = trial.rules.periods[trial.period][0]
    scope = scope_of(kept.standing, kept.belonging, period, book.base.keys())
    if scope.since is None:
        return None
    empty = Cell(kept.person, period.code, BookId(""), in_scope=True, months=scope.months)
    facts = (fact for fact in kept.facts if fact.period == period.code)
    earned = earned_since(scope.since, facts, kept.standing, book)
    lines = [cells.book_line(empty, each, lambda: "") for each in earned]
    cell = cells.move(empty, lines)
    others = {code: each for code, each in kept.cells.items() if each.in_scope and code in trial.rules.periods}
    books = {**trial.rules.books, period.code: book}
    return explain(period.code, Quarters({**others, period.code: cell}, books, kept.frozen_own), lines)


@dataclass(frozen=True, slots=True)
class _Part:
    """An item, or an aspect, of an explanation."""

    code: str
    name: str
    aspect: str
    points: int
    arithmetic: str


def _changes(before: Explanation, after: Explanation) -> Iterator[Change]:
    """Name what differs: the base, items, and an aspect where its own cap makes more or less of it than its items."""
    if before.total.base != after.total.base:
        yield Change(BASE, "基础分", before.total.base, after.total.base, before.base, after.base)
    moved: Counter[str] = Counter()
    for was, now in _pairs(_items(before), _items(after)):
        moved[was.aspect] -= was.points
        moved[now.aspect] += now.points
        if was.points != now.points:
            yield _change(was, now)
    for was, now in _pairs(_aspects(before), _aspects(after)):
        if now.points - was.points != moved[now.code]:
            yield _change(was, now)


def _items(explanation: Explanation) -> dict[str, _Part]:
    items = [item for aspect in explanation.aspects for item in aspect.items]
    return {each.item: _Part(each.item, each.name, each.aspect, each.points, each.arithmetic) for each in items}


def _aspects(explanation: Explanation) -> dict[str, _Part]:
    aspects = explanation.aspects
    return {each.aspect: _Part(each.aspect, each.name, "", each.points, each.arithmetic) for each in aspects}


def _pairs(before: Mapping[str, _Part], after: Mapping[str, _Part]) -> Iterator[tuple[_Part, _Part]]:
    """Pair them by code, in the order of the book in force, then what only the other one has."""
    for code in dict.fromkeys((*before, *after)):
        held = after.get(code) or before[code]
        nothing = replace(held, points=0, arithmetic="")
        yield before.get(code, nothing), after.get(code, nothing)


def _change(was: _Part, now: _Part) -> Change:
    return Change(now.code, now.name, was.points, now.points, was.arithmetic, now.arithmetic)
