"""Folding a batch of news. The order of the locks is scoring.md §2's, and it is what keeps two workers right."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from scoring.events import Cause
from scoring.ids import CountyId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain import accounts
from scoring.ledger.domain.accounts import Taken
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.merging import Key
from scoring.ledger.domain.settling import Loaded, Settled, settle
from scoring.ledger.domain.standing import Belonging
from scoring.ledger.events import Told
from scoring.ledger.handlers.locking import Held, gather
from scoring.ledger.handlers.saving import save
from scoring.periods.domain import Rules
from scoring.work import Work

CHUNK = 1000
BEFORE_ALL: Key = (CountyId(""), PersonId(""))


class Wanted(NamedTuple):
    """A recorded fact proposes a deduction or a veto, which somebody has to confirm."""

    county: CountyId
    person: PersonId
    subject: str
    item: str
    period: Quarter
    day: date
    by: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a fold found out about proposals: of these subjects everything, and this is what they ask for.

    People are the entries that go on after every merge.
    """

    looked: frozenset[tuple[CountyId, PersonId, str]] = frozenset()
    wanted: frozenset[Wanted] = frozenset()


async def fold(work: Work, told: Sequence[Told], rules: Mapping[CountyId, Rules]) -> Changes:
    """Take a batch of news into the ledger and publish what changed, once per account that it touched.

    The counties are held, these are their rules, and there are rows for the organisations that the news name.
    """
    return await _fold(work, await gather(work, told), rules)


async def left_behind(work: Work, after: Key = BEFORE_ALL, most: int = CHUNK) -> list[Key]:
    """Name a chunk of the accounts behind this one that have not seen their county's last opening, in order."""
    return await work.ledger.left_behind(after, most)


async def rate(work: Work, keys: Collection[Key], rules: Mapping[CountyId, Rules]) -> Changes:
    """Rate accounts again that an opening left behind."""
    return await _fold(work, Held({key: [] for key in keys}, await work.ledger.lock(keys)), rules)


def organisations_in(told: Iterable[Told]) -> set[tuple[CountyId, OrganisationId]]:
    """Name the organisations that the news name."""
    return {
        (each.county, membership.organisation)
        for each in told
        if isinstance(each.news, Belonging)
        for membership in each.news.memberships
    }


async def _fold(work: Work, held: Held, rules: Mapping[CountyId, Rules]) -> Changes:
    known = await work.ledger.known(_subjects(held.told))
    taken = {key: _take(held, key, known.get(key, {}), rules[key[0]]) for key in held.told}
    await work.ledger.save_facts((key[0], fact) for key, each in taken.items() for fact in each.facts)
    loaded = await _load(work, taken)
    settled = {key: settle(each, rules[key[0]], loaded[key], work.today, work.new_id) for key, each in taken.items()}
    causes = {key: _cause(work, told) for key, told in held.told.items()}
    await save(work, held.accounts, settled, rules, causes)
    return _changes(settled)


def _take(held: Held, key: Key, known: Mapping[str, Fact], rules: Rules) -> Taken:
    news = [each.news for each in held.told[key]]
    return accounts.take(held.accounts[key], news, known, rules, absorbing=key in held.absorbing)


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


def _changes(settled: Mapping[Key, Settled]) -> Changes:
    looked = frozenset((*key, subject) for key, each in settled.items() for subject in each.looked)
    wanted = frozenset(
        Wanted(*key, asked.subject, asked.item, asked.period, asked.day, asked.by)
        for key, each in settled.items()
        for asked in each.proposed
    )
    return Changes(looked, wanted)


def _cause(work: Work, told: Sequence[Told]) -> Cause:
    """A change goes back to the last event of the batch that was about this person, or to the work itself."""
    return told[-1].cause if told else Cause(work.correlation)
