"""The handlers' steps over dictionaries: what `ledger.handlers` does with PostgreSQL."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count

from scoring.ids import BookId, CountyId, PersonId, Quarter
from scoring.ledger.domain import accounts, freezing, merging, settling
from scoring.ledger.domain.accounts import Account, News
from scoring.ledger.domain.cells import Cell, Line, Total
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.freezing import Turn
from scoring.ledger.domain.settling import Loaded, Proposal, Settled
from scoring.ledger.events import closed
from scoring.periods.domain import Rules, State, open_period
from services.scoring.histories import Arrival, Closing, Opening, Reopening, Step, Sweep
from services.scoring.recounting import Recounted, Shown, recount
from services.scoring.sheets import Row, book_of

COUNTY = CountyId("county")


@dataclass
class Memory:
    sheets: Mapping[str, Row]
    rules: Rules = field(default_factory=lambda: Rules(0, {}))
    accounts: dict[PersonId, Account] = field(default_factory=dict)
    facts: dict[PersonId, dict[str, Fact]] = field(default_factory=lambda: defaultdict(dict))
    cells: dict[PersonId, dict[Quarter, Cell]] = field(default_factory=lambda: defaultdict(dict))
    totals: dict[tuple[PersonId, Quarter], Total | None] = field(default_factory=dict)  # the cells' rows
    lines: dict[PersonId, list[Line]] = field(default_factory=lambda: defaultdict(list))
    proposed: dict[str, tuple[PersonId, set[Proposal]]] = field(default_factory=dict)
    published: list[Settled] = field(default_factory=list)
    log: list[Step] = field(default_factory=list)
    ids: Callable[[], str] = field(default_factory=lambda: map("{:09}".format, count()).__next__)
    today: date = date(2022, 10, 1)

    def play(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._step(step)
            self.log.append(step)
        self.sweep()

    def _step(self, step: Step) -> None:
        match step:
            case list():
                self.apply(step)
            case Opening(quarter):
                self._open(Quarter(quarter))
            case Closing(quarter):
                self._turn(Quarter(quarter), State.CLOSED)
            case Reopening(quarter):
                self._turn(Quarter(quarter), State.OPEN)
            case Sweep():
                self.sweep()

    def _open(self, quarter: Quarter) -> None:
        book = book_of(self.sheets[quarter])
        epoch = self.rules.epoch + 1
        period = replace(open_period(quarter, BookId(quarter), book.starts_on), epoch=epoch)
        self.rules = Rules(epoch, {**self.rules.periods, quarter: (period, book)})

    def _turn(self, quarter: Quarter, state: State) -> None:
        self.sweep()  # nobody closes while accounts are pending
        opened, book = self.rules.periods[quarter]
        self.rules = Rules(self.rules.epoch, {**self.rules.periods, quarter: (replace(opened, state=state), book)})
        step = freezing.freeze if state is State.CLOSED else freezing.thaw
        for person in sorted(person for person, cells in self.cells.items() if cells):
            turn = Turn(quarter, self.rules, self.today)
            self._keep(person, step(self.accounts[person], turn, self.cells[person]))

    def apply(self, arrivals: list[Arrival]) -> None:
        news = [((COUNTY, each.person), each.news) for each in arrivals]
        held = {key: self.accounts.get(key[1], Account(*key)) for key, _ in news}
        ending = merging.ending(news)
        merged = ending | merging.ended({(COUNTY, person): each for person, each in self.accounts.items()})
        goes_on = {key: merging.canonical(key, merged) for key in merged}
        told: dict[PersonId, list[News]] = defaultdict(list)
        for whose, given in news:
            key, each = merging.directed(whose, given, goes_on)
            told[key[1]].append(each)
        absorbing = set()
        for key in ending.keys() - merging.ended(held).keys():
            onto = goes_on[key][1]
            absorbing.add(onto)
            over = merging.handed_over(held[key], list(self.facts[key[1]].values()))
            told[onto] += [merging.directed(key, each, goes_on)[1] for each in over]
        for person in sorted({*told, *absorbing}):
            self._fold(person, told[person], absorbing=person in absorbing)

    def sweep(self) -> None:
        for person in sorted(self.accounts):
            if self.accounts[person].epoch < self.rules.epoch:
                self._fold(person, [])

    def _fold(self, person: PersonId, news: list[News], *, absorbing: bool = False) -> None:
        account = self.accounts.get(person) or Account(COUNTY, person)
        taken = accounts.take(account, news, dict(self.facts[person]), self.rules, absorbing=absorbing)
        self.facts[person].update({fact.subject: fact for fact in taken.facts})
        lines = self.lines[person]
        taken_back = {line.reverses for line in lines}
        dirty = [line for line in lines if line.period in taken.dirty]
        standing = [line for line in dirty if not line.reverses and line.id not in taken_back]
        facts = [fact for fact in self.facts[person].values() if fact.period in taken.dirty]
        loaded = Loaded(dict(self.cells[person]), facts, standing)
        self._keep(person, settling.settle(taken, self.rules, loaded, self.today, self.ids))

    def _keep(self, person: PersonId, settled: Settled) -> None:
        self.accounts[person] = settled.account
        self.lines[person] += settled.lines
        self.cells[person].update({cell.period: cell for cell, _ in settled.cells})
        self.totals.update({(person, cell.period): total for cell, total in settled.cells})
        self.proposed = {subject: asked for subject, asked in self.proposed.items() if subject not in settled.looked}
        for each in settled.proposed:
            self.proposed.setdefault(each.subject, (person, set()))[1].add(each)
        if settled.changed:
            self.published.append(settled)
        self.today += timedelta(days=len(self.published) % 2)


def shown(total: Total) -> Shown:
    figures = (total.base, dict(total.aspects), total.total, total.carried, total.vetoed)
    return (*figures, {str(period): owed for period, owed in total.adjustments.items()})


def assert_recounted(memory: Memory) -> None:
    expected = recount(memory.log, memory.sheets)
    told = Recounted()
    for person, account in memory.accounts.items():
        told.totals |= {(person, total.period): shown(total) for total in account.published.totals}
        for each in closed(account, memory.rules):
            frozen = (each["published_tenths"], each["true_tenths"], each["adjustments"], each["grade"])
            told.closed[person, each["period"]] = frozen
        told.lines |= {
            (person, line.period, (line.earned.fact, line.earned.item, line.earned.month, line.earned.value))
            for line in _standing(memory.lines[person])
        }
    for person, asked in memory.proposed.values():
        told.proposed |= {(person, each.subject, each.item, each.day, each.period) for each in asked}
    assert told.lines == expected.lines
    assert told.totals == expected.totals
    assert told.closed == expected.closed
    assert told.proposed == expected.proposed


def _standing(lines: list[Line]) -> list[Line]:
    taken_back = Counter(line.reverses for line in lines if line.reverses)
    assert max(taken_back.values(), default=1) == 1
    return [line for line in lines if not line.reverses and line.id not in taken_back]


def assert_books_balance(memory: Memory) -> None:
    """Sums are what the lines add up to, rows say what was told, and what was booked by day is what everybody has."""
    for person, account in memory.accounts.items():
        _assert_sums(memory, person)
        booked = {
            settled.account.published.booked_on: settled.account.published.booked
            for settled in memory.published
            if settled.account.person == person
        }
        assert sum(booked.values()) == account.worth
        assert account.version == sum(settled.account.person == person for settled in memory.published)
        rows = {period: row for (whose, period), row in memory.totals.items() if whose == person and row}
        open_rows = tuple(rows[period] for period in sorted(rows) if period in memory.rules.open)
        assert open_rows == account.published.totals
        trues = {period: row.total for period, row in rows.items() if period not in memory.rules.open}
        assert trues == account.published.trues


def _assert_sums(memory: Memory, person: PersonId) -> None:
    added: dict[Quarter, dict[str, dict[str, int]]] = defaultdict(dict)
    by_id = {line.id: line for line in memory.lines[person]}
    for line in by_id.values():
        if not line.vetoes:
            months = added[line.period].setdefault(line.earned.item, {})
            months[line.earned.month] = months.get(line.earned.month, 0) + line.earned.value
        if line.reverses:
            assert by_id[line.reverses].earned == replace(line.earned, value=-line.earned.value)
    for period, cell in memory.cells[person].items():
        left = {item: {m: v for m, v in months.items() if v} for item, months in added[period].items()}
        assert cell.sums == {item: months for item, months in left.items() if months}
        vetoes = [line for line in _standing(list(by_id.values())) if line.vetoes and line.period == period]
        assert cell.vetoes == len(vetoes)
