"""Holding the accounts of a batch, and with each entry that ended in a merge the one that goes on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bus.errors import RetryLater
from scoring.ids import PersonId
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.merging import Key, canonical
from scoring.ledger.domain.standing import Exemption, Life
from scoring.ledger.events import Told
from scoring.work import Work


@dataclass(slots=True)
class Held:
    """The accounts under lock, and what came for each. What came for an entry that ended is the other entry's."""

    told: dict[Key, list[Told]]
    accounts: Mapping[Key, Account]
    absorbing: set[Key] = field(default_factory=set)


async def gather(work: Work, told: Sequence[Told]) -> Held:
    """Lock everybody whom the news concern, in order. Raises RetryLater if a merge came in between."""
    ending = {_key(each): into for each in told if (into := _into(each))}
    keys = {_key(each) for each in told} | {(key[0], into) for key, into in ending.items()}
    merged = await work.ledger.stubs(keys)
    while further := {(key[0], into) for key, into in merged.items()} - keys:
        keys |= further
        merged = await work.ledger.merged(further)
    accounts = await work.ledger.lock(keys)
    known = {key: each.life.merged_into for key, each in accounts.items() if each.life.merged_into}
    if any((key[0], into) not in accounts for key, into in known.items()):
        raise RetryLater("an entry was merged while this batch was looking for it")
    goes_on = {key: canonical(key, ending | known) for key in (ending | known)}
    held = Held(_directed(told, goes_on), accounts)
    if new := ending.keys() - known.keys():
        await _absorb(work, held, {key: goes_on[key] for key in new})
    return held


def _directed(told: Sequence[Told], goes_on: Mapping[Key, Key]) -> dict[Key, list[Told]]:
    """Hand facts and exemptions to the entry that goes on; an entry's life and memberships are its own."""
    directed: dict[Key, list[Told]] = defaultdict(list)
    for each in told:
        key = _key(each)
        if key in goes_on and isinstance(each.news, Fact | Exemption):
            key = goes_on[key]
            directed[key].append(_of(each, each.news, key))
        else:
            directed[key].append(each)
    return directed


async def _absorb(work: Work, held: Held, ending: Mapping[Key, Key]) -> None:
    """Let what is known of entries that have just ended come as news to those that go on."""
    facts = await work.ledger.all_facts(ending.keys())
    for key, goes_on in ending.items():
        cause = held.told[key][-1]
        held.absorbing.add(goes_on)
        for news in (*facts.get(key, ()), *held.accounts[key].exemptions):
            held.told[goes_on].append(_of(cause, news, goes_on))
        held.told[goes_on] += []


def _of(told: Told, news: Fact | Exemption, key: Key) -> Told:
    moved = replace(news, person=key[1]) if isinstance(news, Fact) else news
    return replace(told, person=key[1], news=moved)


def _key(told: Told) -> Key:
    return told.county, told.person


def _into(told: Told) -> PersonId | None:
    return told.news.merged_into if isinstance(told.news, Life) else None
