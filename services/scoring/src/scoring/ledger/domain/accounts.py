"""The fold: an account takes news in any order, any number of times, and ends up where a recount would.

`take` decides what the news change and which cells become dirty; the caller then loads those cells' facts and
standing lines, and `settle` writes the lines and the totals. Both are pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from scoring.ids import CountyId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain import cells
from scoring.ledger.domain.cells import Cell, Earned, Line, NewId, Total
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Life, first_day_in_scope
from scoring.periods.domain import Rules
from scoring.rulebooks.domain import BASE, Book

News = Fact | Life | Belonging


@dataclass(frozen=True, slots=True)
class Published:
    """What others were last told, and what was booked on the last booking day."""

    branch: OrganisationId | None = None
    totals: tuple[Total, ...] = ()  # of every open period that the person is in scope of, earliest first
    booked_on: date = date.min
    booked: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of one person. Its row is the lock; its version counts what was published.

    An account has not seen the periods yet that were opened after its epoch, so their cells are dirty.
    """

    county: CountyId
    person: PersonId
    version: int = 0
    epoch: int = 0
    life: Life = field(default_factory=Life)
    belonging: Belonging = field(default_factory=Belonging)
    published: Published = field(default_factory=Published)


@dataclass(frozen=True, slots=True)
class Taken:
    before: Account
    account: Account
    facts: tuple[Fact, ...]  # to be kept, each of a higher version than the one that was
    plain: tuple[Fact, ...]  # new ones that need only move their cell's sums
    dirty: frozenset[Quarter]  # cells to be rated again from all their facts


@dataclass(frozen=True, slots=True)
class Settled:
    account: Account
    cells: tuple[Cell, ...]
    lines: tuple[Line, ...]
    changed: bool  # whether there is something to publish


def take(account: Account, news: Iterable[News], known: Mapping[str, Fact], rules: Rules) -> Taken:
    """Take in news. `known` holds the facts already kept of the subjects in the news."""
    life, belonging, best = account.life, account.belonging, dict[str, Fact]()
    for each in news:
        if isinstance(each, Life):
            life = max(life, each, key=_version)
        elif isinstance(each, Belonging):
            belonging = max(belonging, each, key=_version)
        elif each.version > _known_version(best.get(each.subject) or known.get(each.subject)):
            best[each.subject] = each
    dirty = {period for fact in best.values() for period in _touched(known.get(fact.subject), fact)}
    dirty |= {code for code, (period, _) in rules.open.items() if period.epoch > account.epoch}
    if _differs(account, life, belonging):
        dirty = set(rules.open)
    plain = [f for f in best.values() if f.subject not in known and not f.withdrawn and f.period not in dirty]
    after = replace(account, life=life, belonging=belonging, epoch=rules.epoch)
    return Taken(account, after, tuple(best.values()), tuple(plain), frozenset(dirty & rules.open.keys()))


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an account's cells hold: all its cells, and of the dirty ones every fact and every standing line."""

    cells: Mapping[Quarter, Cell]
    facts: Sequence[Fact] = ()
    standing: Sequence[Line] = ()


def settle(taken: Taken, rules: Rules, loaded: Loaded, today: date, new_id: NewId) -> Settled:
    """Write the lines that the news ask for and say what the account is worth now."""
    now, lines = dict(loaded.cells), list[Line]()
    for period in sorted(taken.dirty):
        written, cell = _rated_again(taken.account, period, rules, loaded, new_id)
        lines += written
        if cell.in_scope or period in now:
            now[period] = cell
    for fact in taken.plain:
        cell_before = now.get(fact.period)
        if cell_before and cell_before.in_scope and fact.period in rules.open:
            earned = _earned(taken.account.life, fact, rules.open[fact.period][1])
            written = [cells.book_line(cell_before, each, new_id) for each in earned]
            lines += written
            now[fact.period] = cells.move(cell_before, written)
    touched = tuple(cell for period, cell in now.items() if cell != loaded.cells.get(period))
    account, changed = _publish(taken.account, rules, now, lines, today)
    return Settled(account, touched, tuple(lines), changed)


def _rated_again(
    account: Account, period: Quarter, rules: Rules, loaded: Loaded, new_id: NewId
) -> tuple[list[Line], Cell]:
    opened, book = rules.open[period]
    since = first_day_in_scope(account.life, account.belonging, opened, book.base.keys())
    old = loaded.cells.get(period) or Cell(account.person, period, opened.book)
    cell = replace(old, book=opened.book, in_scope=since is not None)
    facts = [fact for fact in loaded.facts if fact.period == period and not fact.withdrawn]
    wanted = [] if since is None else [*_base(account.life, since, book), *_all_earned(account.life, facts, book)]
    standing = [line for line in loaded.standing if line.period == period]
    lines = cells.corrections(cell, standing, wanted, new_id)
    return lines, cells.move(cell, lines)


def _base(life: Life, since: date, book: Book) -> Iterator[Earned]:
    value = book.base[life.class_on(since) or ""]
    if value:
        yield Earned(BASE, None, "", value, None)


def _all_earned(life: Life, facts: Iterable[Fact], book: Book) -> Iterator[Earned]:
    for fact in facts:
        yield from _earned(life, fact, book)


def _earned(life: Life, fact: Fact, book: Book) -> Iterator[Earned]:
    item = cells.rate(fact.shape, life.class_for(fact.day), book)
    if item is not None:
        yield Earned(item.code, item.aspect, fact.month, item.value, fact.subject)


def _publish(
    account: Account, rules: Rules, now: Mapping[Quarter, Cell], lines: Sequence[Line], today: date
) -> tuple[Account, bool]:
    told = account.published
    in_scope = [period for period in sorted(rules.open) if period in now and now[period].in_scope]
    totals = tuple(cells.total_of(now[period], rules.open[period][1]) for period in in_scope)
    branch = account.belonging.home_on(today)
    if not lines and (totals, branch) == (told.totals, told.branch):
        return account, False
    booked = sum(total.total for total in totals) - sum(total.total for total in told.totals)
    booked += told.booked if told.booked_on == today else 0
    return replace(account, version=account.version + 1, published=Published(branch, totals, today, booked)), True


def _version(state: Life | Belonging) -> int:
    return state.version


def _known_version(fact: Fact | None) -> int:
    return fact.version if fact else 0


def _touched(old: Fact | None, new: Fact) -> Iterator[Quarter]:
    """Name the cells that a correction makes dirty; a plain new fact makes none."""
    if old is None or old.says_the_same_as(new):
        return
    yield from {fact.period for fact in (old, new) if not fact.withdrawn}


def _differs(account: Account, life: Life, belonging: Belonging) -> bool:
    """Tell whether anything that points depend on has changed; a move of house or of rank has not."""
    before = (account.life.classes, account.life.absences, account.life.version > 0, account.belonging.memberships)
    return before != (life.classes, life.absences, life.version > 0, belonging.memberships)
