"""How much of what was judged somebody sees."""

from collections.abc import Collection
from dataclasses import dataclass

from scoring.ids import PersonId


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose judgements or exemptions somebody sees, and whose with the words that were said; None: everybody's."""

    people: Collection[PersonId] | None
    words: Collection[PersonId] | None
    own: Collection[PersonId]
    """Of these nothing is seen before it is confirmed, nor who proposed it. Empty for whoever sees everybody."""

    def tells(self, person: str) -> bool:
        return self.words is None or person in self.words
