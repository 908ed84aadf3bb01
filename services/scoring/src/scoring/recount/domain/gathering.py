"""What the topics tell of people, kept small: the last word on every subject, and each repeated value once."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from scoring.ids import CountyId, PersonId
from scoring.ledger.domain.accounts import News
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.merging import Key, canonical
from scoring.ledger.domain.standing import Belonging, Exemption, Life

T = TypeVar("T", bound=Hashable)


@dataclass(slots=True)
class Gathered:
    """All that was told of one person besides the life."""

    belonging: Belonging = field(default_factory=Belonging)
    exemptions: dict[str, Exemption] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)

    def absorb(self, other: "Gathered", person: PersonId) -> None:
        """Take over what was told of an entry that ended; its memberships were its own."""
        self.facts |= {subject: replace(fact, person=person) for subject, fact in other.facts.items()}
        for exemption in other.exemptions.values():
            self.exemptions[exemption.id] = _later(self.exemptions.get(exemption.id), exemption)

    def news(self, life: Life | None) -> Iterator[News]:
        if life is not None:
            yield life
        yield self.belonging
        yield from self.exemptions.values()
        yield from self.facts.values()


class Lives:
    """Everybody's life and, out of them, who goes on as whom."""

    def __init__(self, county: CountyId) -> None:
        self._county = county
        self._lives: dict[PersonId, Life] = {}
        self._merged: dict[Key, PersonId] = {}

    def add(self, person: PersonId, life: Life) -> None:
        """Keep the higher version. Nothing undoes a merge, also not a later word that says nothing of it."""
        if life.merged_into:
            self._merged[self._county, person] = life.merged_into
        before = self._lives.get(person)
        if before is None or before.version < life.version:
            self._lives[person] = life

    def of(self, person: PersonId) -> Life | None:
        life = self._lives.get(person)
        into = self._merged.get((self._county, person))
        return life and replace(life, merged_into=into)

    def goes_on_as(self, person: PersonId) -> PersonId:
        return canonical((self._county, person), self._merged)[1]

    def ended(self, person: PersonId) -> bool:
        return (self._county, person) in self._merged

    def merged(self) -> set[PersonId]:
        """Everybody who takes part in a merge, on whichever side."""
        return {person for _, person in self._merged} | {self.goes_on_as(person) for _, person in self._merged}

    def __iter__(self) -> Iterator[PersonId]:
        return iter(self._lives)

    def __len__(self) -> int:
        return len(self._lives)


class Gathering:
    """A part of the county's people, so many as fit into memory at once."""

    def __init__(self) -> None:
        self.people: dict[PersonId, Gathered] = {}
        self._same: dict[Hashable, Hashable] = {}

    def add(self, person: PersonId, news: News) -> None:
        kept = self.people.setdefault(person, Gathered())
        if isinstance(news, Fact):
            before = kept.facts.get(news.subject)
            if before is None or before.version < news.version:
                kept.facts[news.subject] = self._small(news)
        elif isinstance(news, Exemption):
            kept.exemptions[news.id] = _later(kept.exemptions.get(news.id), news)
        elif isinstance(news, Belonging) and kept.belonging.version < news.version:
            kept.belonging = news

    def _small(self, fact: Fact) -> Fact:
        """The same fact, with its shape, day, person and occurrence in common with others."""
        return replace(
            fact, person=self._one(fact.person), shape=self._one(fact.shape), day=self._one(fact.day),
            occurrence=self._one(fact.occurrence), by=self._one(fact.by),
        )  # fmt: skip

    def _one(self, value: T) -> T:
        return self._same.setdefault(value, value)  # type: ignore[return-value]


def _later(known: Exemption | None, told: Exemption) -> Exemption:
    return told if known is None or known.version < told.version else known
