"""Two entries of one person: the facts of the one that ended are those of the one that goes on."""

from collections.abc import Mapping

from scoring.ids import CountyId, PersonId

Key = tuple[CountyId, PersonId]
Merged = Mapping[Key, PersonId]


class MergedMeanwhile(Exception):
    """Between looking and locking somebody else merged one of these entries: look again."""


def canonical(key: Key, merged: Merged) -> Key:
    """Follow an entry to the one that goes on. Out of a ring, which the books should not have, comes its smallest."""
    seen, at = [key], key
    while into := merged.get(at):
        at = (key[0], into)
        if at in seen:
            return min(seen[seen.index(at) :])
        seen.append(at)
    return at
