"""What the news of an account come to: lines that turn what stands into what is right, totals, and what is booked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date

from scoring.ids import Quarter
from scoring.ledger.domain import cells, rating
from scoring.ledger.domain.accounts import Account, Published, Taken
from scoring.ledger.domain.cells import Cell, Earned, Line, NewId, Total
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Scope, Standing, scope_of
from scoring.ledger.domain.worth import Worth, worth_of, worth_of_moved, worth_of_years
from scoring.periods.domain import Rules
from scoring.rulebooks.domain import BASE, Book


@dataclass(frozen=True, slots=True)
class Proposal:
    """A recorded fact asks for a deduction or a veto. Nothing of it counts until somebody has confirmed it."""

    subject: str
    item: str
    period: Quarter
    day: date
    by: str  # who recorded the fact


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an account's cells hold: all its cells, and of the dirty ones every fact and every standing line."""

    cells: Mapping[Quarter, Cell]
    facts: Sequence[Fact] = ()
    standing: Sequence[Line] = ()

    def facts_of(self, period: Quarter) -> list[Fact]:
        return [fact for fact in self.facts if fact.period == period]


@dataclass(frozen=True, slots=True)
class Settled:
    account: Account
    cells: tuple[tuple[Cell, Total | None], ...] = ()  # to be kept, each with its total if it is in scope
    lines: tuple[Line, ...] = ()
    changed: bool = False  # whether there is something to publish
    looked: frozenset[str] = frozenset()  # subjects of which it was found out what they propose
    proposed: frozenset[Proposal] = frozenset()


def settle(taken: Taken, rules: Rules, loaded: Loaded, today: date, new_id: NewId) -> Settled:
    """Write the lines that the news ask for and say what the account is worth now."""
    now, lines = dict(loaded.cells), list[Line]()
    for period in sorted(taken.dirty):
        written, cell = _rated_again(taken.account, period, rules, loaded, new_id)
        lines += written
        if cell.in_scope or period in now:
            now[period] = cell
    for period, lines_of in _plainly(taken, now, new_id).items():
        lines += lines_of
        now[period] = cells.move(now[period], lines_of)
    moved = {period for period, cell in now.items() if cell != loaded.cells.get(period)}
    worth = _worth(taken, rules, now, moved)
    account, changed = publish(taken.before, taken.account, worth, today, written=bool(lines))
    kept = _kept(taken.before, rules, now, moved, worth)
    looked, proposed = _proposals(taken, rules, loaded, now)
    return Settled(account, kept, tuple(lines), changed, looked, proposed)


def publish(before: Account, after: Account, worth: Worth, today: date, *, written: bool) -> tuple[Account, bool]:
    """Note what is told now, if that is anything else than before, and book the difference."""
    told, branch = before.published, after.belonging.home_on(today)
    same = (worth.totals, worth.trues, branch, after.frozen) == (told.totals, told.trues, told.branch, before.frozen)
    if same and not written:
        return after, False
    # Who waited for the lock over midnight, or has a slower clock, books on the day told last: days go forward.
    booked_on = max(today, told.booked_on)
    already = told.booked if told.booked_on == booked_on else 0
    booked = already + after.worth_with(worth.totals) - before.worth
    published = Published(branch, worth.totals, worth.trues, booked_on, booked)
    return replace(after, version=before.version + 1, published=published), True


def _plainly(taken: Taken, now: Mapping[Quarter, Cell], new_id: NewId) -> dict[Quarter, list[Line]]:
    """Write a line for each new fact that moves its cell's sums alone."""
    lines = defaultdict[Quarter, list[Line]](list)
    for period, _, earned in taken.plain:
        cell = now.get(period) if earned else None
        if earned and cell and cell.in_scope:
            lines[period].append(cells.book_line(cell, earned, new_id))
    return lines


def _rated_again(
    account: Account, period: Quarter, rules: Rules, loaded: Loaded, new_id: NewId
) -> tuple[list[Line], Cell]:
    opened, book = rules.periods[period]
    scope = Scope()
    if account.life.merged_into is None:
        scope = scope_of(account.standing, account.belonging, opened, book.base.keys())
    old = loaded.cells.get(period) or Cell(account.person, period, opened.book)
    cell = replace(old, book=opened.book, in_scope=scope.since is not None, months=scope.months)
    wanted = () if scope.since is None else earned_since(scope.since, loaded.facts_of(period), account.standing, book)
    standing = [line for line in loaded.standing if line.period == period]
    lines = cells.corrections(cell, standing, wanted, new_id)
    return lines, cells.move(cell, lines)


def earned_since(since: date, facts: Iterable[Fact], standing: Standing, book: Book) -> Iterator[Earned]:
    """All that a quarter of these facts brings somebody who is in scope from this day on, the base first."""
    base = book.base[standing.life.class_on(since) or ""]
    if base:
        yield Earned(BASE, None, "", base, None)
    yield from rating.earned(facts, standing, book)


def _worth(taken: Taken, rules: Rules, now: Mapping[Quarter, Cell], moved: AbstractSet[Quarter]) -> Worth:
    if taken.before.epoch != rules.epoch:
        return worth_of(taken.account, rules, now)
    if taken.dirty or not moved <= rules.open.keys() or any(period[:4] in rules.chained for period in moved):
        return worth_of_years(taken.account, rules, now, moved)
    return worth_of_moved(taken.before, rules, now, moved)


def _kept(
    before: Account, rules: Rules, now: Mapping[Quarter, Cell], moved: AbstractSet[Quarter], worth: Worth
) -> tuple[tuple[Cell, Total | None], ...]:
    """Name the cells whose rows change: those that moved, and those whose total moved with an earlier one's."""
    told = {total.period: total for total in before.published.totals}
    keep = {*moved, *(period for period, total in worth.shown.items() if period in told and total != told[period])}
    for year in {period[:4] for period in moved} & rules.chained:
        first = min(period for period in moved if period[:4] == year)
        keep |= {period for period in worth.shown if period[:4] == year and period > first}
    return tuple((now[period], worth.shown.get(period)) for period in sorted(keep))


def _proposals(
    taken: Taken, rules: Rules, loaded: Loaded, now: Mapping[Quarter, Cell]
) -> tuple[frozenset[str], frozenset[Proposal]]:
    """Find out what recorded facts propose to take away. After a merge that is asked of the entry that goes on."""
    if taken.account.life.merged_into:
        return frozenset(), frozenset()
    asking = defaultdict[Quarter, list[Fact]](list)
    looked = set(taken.corrected)
    for period in taken.dirty:
        events = {item.event for item in rules.books[period].proposing}
        if facts := loaded.facts_of(period) if events else []:
            looked |= {fact.subject for fact in facts if fact.shape.event in events}
            asking[period] += facts
    for period, fact, _ in taken.plain:
        if rules.books[period].proposing:
            asking[period].append(fact)
    proposed = frozenset(
        proposal
        for period, facts in asking.items()
        if period in now and now[period].in_scope
        for proposal in _proposed(facts, taken.account, period, rules.books[period])
    )
    return frozenset(looked | {each.subject for each in proposed}), proposed


def _proposed(facts: Sequence[Fact], account: Account, period: Quarter, book: Book) -> Iterator[Proposal]:
    by = {fact.subject: fact.by for fact in facts}
    for subject, item, day in rating.proposals(facts, account.standing, book):
        yield Proposal(subject, item, period, day, by[subject])
