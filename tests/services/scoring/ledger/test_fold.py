"""The ledger is a fold: any order, any duplicates, any batches end where a recount ends. Its mutants do not."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scoring.ids import BookId, CountyId, PersonId, Quarter
from scoring.ledger.domain import accounts, cells, settling
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.cells import Cell, Line
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.settling import Loaded, Settled
from scoring.periods.domain import Rules, open_period
from services.scoring.histories import BOOKS, Arrival, History, Opening, Sweep, invent, recount
from services.scoring.mutants import MUTANTS

COUNTY = CountyId("county")


@dataclass
class Memory:
    """The handlers' steps over dictionaries: what `handlers.fold` does with PostgreSQL."""

    rules: Rules = field(default_factory=lambda: Rules(0, {}))
    accounts: dict[PersonId, Account] = field(default_factory=dict)
    facts: dict[PersonId, dict[str, Fact]] = field(default_factory=lambda: defaultdict(dict))
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    published: list[Settled] = field(default_factory=list)
    ids: Callable[[], str] = field(default_factory=lambda: map(str, count()).__next__)
    today: date = date(2022, 10, 1)

    def open(self, quarter: str) -> None:
        book = BOOKS[quarter]
        epoch = self.rules.epoch + 1
        period = replace(open_period(quarter, BookId(f"{book.word}-{book.version}"), book.starts_on), epoch=epoch)
        self.rules = Rules(epoch, {**self.rules.periods, period.code: (period, book)})

    def apply(self, arrivals: list[Arrival]) -> None:
        for person in sorted({arrival.person for arrival in arrivals}):
            self._fold(person, [arrival for arrival in arrivals if arrival.person == person])

    def sweep(self) -> None:
        for person in sorted(self.accounts):
            if self.accounts[person].epoch < self.rules.epoch:
                self._fold(person, [])

    def _fold(self, person: PersonId, arrivals: list[Arrival]) -> None:
        account = self.accounts.get(person) or Account(COUNTY, person)
        known = dict(self.facts[person])
        taken = accounts.take(account, [arrival.news for arrival in arrivals], known, self.rules)
        self.facts[person].update({fact.subject: fact for fact in taken.facts})
        mine = {Quarter(period): cell for (owner, period), cell in self.cells.items() if owner == person}
        taken_back = {line.reverses for line in self.lines}
        standing = [x for x in self.lines if x.person == person and not x.reverses and x.id not in taken_back]
        loaded = Loaded(mine, list(self.facts[person].values()), standing)
        settled = settling.settle(taken, self.rules, loaded, self.today, self.ids)
        self.accounts[person] = settled.account
        self.lines += settled.lines
        self.cells.update({(person, cell.period): cell for cell, _ in settled.cells})
        if settled.changed:
            self.published.append(settled)
        self.today += timedelta(days=len(self.published) % 2)


def played(history: History, random: Random) -> Memory:
    memory = Memory()
    for step in history.steps(random):
        if isinstance(step, Opening):
            memory.open(step.quarter)
        elif isinstance(step, Sweep):
            memory.sweep()
        else:
            memory.apply(step)
    memory.sweep()
    return memory


def assert_recounted(memory: Memory, history: History) -> None:
    expected = recount(history)
    totals = {
        (person, total.period): (total.base, dict(total.aspects), total.total)
        for person, account in memory.accounts.items()
        for total in account.published.totals
    }
    assert totals == expected.totals
    taken_back = Counter(line.reverses for line in memory.lines if line.reverses)
    standing = {
        (line.person, line.period, (line.earned.fact, line.earned.item, line.earned.month, line.earned.value))
        for line in memory.lines
        if not line.reverses and line.id not in taken_back
    }
    assert standing == expected.lines
    assert max(taken_back.values(), default=1) == 1


def assert_books_balance(memory: Memory) -> None:
    """The sums are what the lines add up to, and what was booked day by day is what everybody has."""
    added: dict[tuple[str, str], dict[str, dict[str, int]]] = defaultdict(dict)
    for line in memory.lines:
        months = added[line.person, line.period].setdefault(line.earned.item, {})
        months[line.earned.month] = months.get(line.earned.month, 0) + line.earned.value
    for key, sums in added.items():
        left = {item: {m: v for m, v in months.items() if v} for item, months in sums.items()}
        assert memory.cells[key].sums == {item: months for item, months in left.items() if months}
    by_id = {line.id: line for line in memory.lines}
    for line in memory.lines:
        if line.reverses:
            assert by_id[line.reverses].earned == replace(line.earned, value=-line.earned.value)
    booked: dict[tuple[str, date], int] = {}
    for settled in memory.published:
        booked[settled.account.person, settled.account.published.booked_on] = settled.account.published.booked
    for person, account in memory.accounts.items():
        of_days = sum(value for (owner, _), value in booked.items() if owner == person)
        assert of_days == sum(total.total for total in account.published.totals)
        assert account.version == sum(settled.account.person == person for settled in memory.published)


def property_of_the_fold(phases: tuple[Phase, ...]) -> Callable[[], None]:
    @settings(
        max_examples=150, deadline=None, derandomize=True, database=None, phases=phases,
        report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(seed=st.integers(0, 2**32 - 1), order=st.integers(0, 2**32 - 1))
    def any_order_ends_where_a_recount_ends(seed: int, order: int) -> None:
        history = invent(seed)
        memory = played(history, Random(order))  # noqa: S311 — a test's
        assert_recounted(memory, history)
        assert_books_balance(memory)

    return any_order_ends_where_a_recount_ends


test_any_order_of_arrival_ends_where_a_recount_ends = property_of_the_fold(tuple(Phase))


@pytest.mark.parametrize("name", MUTANTS)
def test_the_property_kills_the_mutant(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    attribute, mutant = MUTANTS[name]
    monkeypatch.setattr(cells, attribute, mutant)
    with pytest.raises(AssertionError):
        property_of_the_fold((Phase.generate,))()
