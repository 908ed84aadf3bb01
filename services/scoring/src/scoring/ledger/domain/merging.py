"""Two entries of one person: what is known of the one that ended is known of the one that goes on.

Registry does not write old events again. Facts and exemptions of an entry that ended, those that are kept and those
that are still to come, are taken for facts and exemptions of the other; its life and its memberships are not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from scoring.ids import CountyId, PersonId
from scoring.ledger.domain.accounts import Account, News
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Exemption, Life

Key = tuple[CountyId, PersonId]


def canonical(key: Key, merged: Mapping[Key, PersonId]) -> Key:
    """Follow an entry to the one that goes on. Out of a ring, which the books should not have, comes its smallest."""
    seen, at = [key], key
    while into := merged.get(at):
        at = (key[0], into)
        if at in seen:
            return min(seen[seen.index(at) :])
        seen.append(at)
    return at


def ending(news: Iterable[tuple[Key, News]]) -> dict[Key, PersonId]:
    """Which entries end by these news, and which ones go on."""
    return {key: told.merged_into for key, told in news if isinstance(told, Life) and told.merged_into}


def ended(accounts: Mapping[Key, Account]) -> dict[Key, PersonId]:
    """Which entries have ended before."""
    return {key: each.life.merged_into for key, each in accounts.items() if each.life.merged_into}


def directed(key: Key, news: News, goes_on: Mapping[Key, Key]) -> tuple[Key, News]:
    """Hand a fact or an exemption to the entry that goes on."""
    if key in goes_on and isinstance(news, Fact | Exemption):
        key = goes_on[key]
        return key, replace(news, person=key[1]) if isinstance(news, Fact) else news
    return key, news


def handed_over(account: Account, facts: Iterable[Fact]) -> list[News]:
    """All that goes along when an entry ends."""
    return [*facts, *account.exemptions]
