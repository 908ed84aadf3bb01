"""The ledger's use cases. The order of the locks is scoring.md §2's, and it is what keeps two workers right."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoring.events import Cause
from scoring.ids import CountyId, OrganisationId, PersonId
from scoring.ledger import events
from scoring.ledger.domain import accounts, cells
from scoring.ledger.domain.accounts import Account, Loaded, Settled, Taken
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging
from scoring.ledger.events import Told
from scoring.periods import handlers as periods
from scoring.periods.domain import Rules
from scoring.work import Work

Key = tuple[CountyId, PersonId]
CHUNK = 1000


async def fold(work: Work, told: Sequence[Told], rules: Mapping[CountyId, Rules]) -> None:
    """Take a batch of news into the ledger and publish what changed, once per account that it touched.

    The counties are held, these are their rules, and there are rows for the organisations that the news name.
    """
    by_account: dict[Key, list[Told]] = defaultdict(list)
    for each in told:
        by_account[each.county, each.person].append(each)
    await _fold(work, by_account, rules)


async def rate_left_behind(work: Work, most: int = CHUNK) -> int:
    """Rate a chunk of the accounts that have not seen their county's last opening; return how many it was."""
    keys = await work.ledger.left_behind(most)
    if keys:
        rules = await periods.hold(work, {county for county, _ in keys})
        await _fold(work, {key: [] for key in keys}, rules)
    return len(keys)


@dataclass(slots=True)
class Batch:
    """The accounts under lock, their counties' rules, and what came for them."""

    told: Mapping[Key, Sequence[Told]]
    rules: Mapping[CountyId, Rules]
    accounts: Mapping[Key, Account]
    known: Mapping[Key, Mapping[str, Fact]]

    def take(self, key: Key) -> Taken:
        news = [each.news for each in self.told[key]]
        return accounts.take(self.accounts[key], news, self.known.get(key, {}), self.rules[key[0]])


async def _fold(work: Work, told: Mapping[Key, Sequence[Told]], rules: Mapping[CountyId, Rules]) -> None:
    held = await work.ledger.lock(told.keys())
    batch = Batch(told, rules, held, await work.ledger.known(_subjects(told)))
    taken = {key: batch.take(key) for key in told}
    await work.ledger.save_facts((key[0], fact) for key, each in taken.items() for fact in each.facts)
    loaded = await _load(work, taken)
    settled = {
        key: accounts.settle(each, rules[key[0]], loaded[key], work.today, work.new_id) for key, each in taken.items()
    }
    await _save(work, batch, settled)
    changed = [(key, each) for key, each in settled.items() if each.changed]
    causes = {key: _cause(work, told[key]) for key, _ in changed}
    told_on = [events.points_changed(work, each, rules[key[0]], causes[key]) for key, each in changed]
    await work.outbox.add(*told_on)


def organisations_in(told: Iterable[Told]) -> set[tuple[CountyId, OrganisationId]]:
    """Name the organisations that the news name."""
    return {
        (each.county, membership.organisation)
        for each in told
        if isinstance(each.news, Belonging)
        for membership in each.news.memberships
    }


def _subjects(told: Mapping[Key, Sequence[Told]]) -> set[tuple[CountyId, PersonId, str]]:
    return {(*key, each.news.subject) for key, all_ in told.items() for each in all_ if isinstance(each.news, Fact)}


async def _load(work: Work, taken: Mapping[Key, Taken]) -> dict[Key, Loaded]:
    """Read the accounts' cells, and of the dirty ones all that they rest on. The new facts are kept already."""
    dirty = [(*key, period) for key, each in taken.items() for period in each.dirty]
    cells_of = await work.ledger.cells(taken.keys())
    facts_of = await work.ledger.facts(dirty)
    standing = await work.ledger.standing(dirty)
    return {
        key: Loaded(cells_of.get(key, {}), list(facts_of.get(key, {}).values()), standing.get(key, ())) for key in taken
    }


async def _save(work: Work, batch: Batch, settled: Mapping[Key, Settled]) -> None:
    changed_accounts = [each.account for key, each in settled.items() if each.account != batch.accounts[key]]
    changed_cells = [
        (county, cell, cells.total_of(cell, batch.rules[county].open[cell.period][1]) if cell.in_scope else None)
        for (county, _), each in settled.items()
        for cell in each.cells
    ]
    lines = [(county, line) for (county, _), each in settled.items() for line in each.lines]
    await work.ledger.save(changed_accounts, changed_cells, lines, work.now)


def _cause(work: Work, told: Sequence[Told]) -> Cause:
    """A change goes back to the last event of the batch that was about this person, or to the work itself."""
    return told[-1].cause if told else Cause(work.correlation)
