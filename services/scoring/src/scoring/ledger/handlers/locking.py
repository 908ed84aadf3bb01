"""Holding the accounts of a batch, and with each entry that ended in a merge the one that goes on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bus.errors import RetryLater
from scoring.ledger.domain import merging
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.merging import Key, canonical
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
    ending = merging.ending((_key(each), each.news) for each in told)
    keys = {_key(each) for each in told} | {(key[0], into) for key, into in ending.items()}
    merged = await work.ledger.stubs(keys)
    while further := {(key[0], into) for key, into in merged.items()} - keys:
        keys |= further
        merged = await work.ledger.merged(further)
    accounts = await work.ledger.lock(keys)
    ended = merging.ended(accounts)
    if any((key[0], into) not in accounts for key, into in ended.items()):
        raise RetryLater("an entry was merged while this batch was looking for it")
    merged = ending | ended
    held = Held(_by_account(told, {key: canonical(key, merged) for key in merged}), accounts)
    if new := ending.keys() - ended.keys():
        await _absorb(work, held, {key: canonical(key, merged) for key in new})
    return held


def _by_account(told: Sequence[Told], goes_on: Mapping[Key, Key]) -> dict[Key, list[Told]]:
    by_account: dict[Key, list[Told]] = defaultdict(list)
    for each in told:
        key = _key(each)
        if key in goes_on:
            key, news = merging.directed(key, each.news, goes_on)
            by_account[key].append(replace(each, person=key[1], news=news))
        else:
            by_account[key].append(each)
    return by_account


async def _absorb(work: Work, held: Held, goes_on: Mapping[Key, Key]) -> None:
    """Let what is known of entries that have just ended come as news to those that go on."""
    facts = await work.ledger.all_facts(goes_on.keys())
    for key, onto in goes_on.items():
        held.absorbing.add(onto)
        cause = held.told[key][-1]
        over = merging.handed_over(held.accounts[key], facts.get(key, ()))
        moved = [merging.directed(key, news, goes_on)[1] for news in over]
        held.told[onto] += [replace(cause, person=onto[1], news=news) for news in moved]


def _key(told: Told) -> Key:
    return told.county, told.person
