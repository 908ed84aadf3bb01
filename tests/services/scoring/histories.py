"""Histories for the property test: what happened, and in what order it reaches the ledger and the clerk acts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from scoring.ids import PersonId
from scoring.ledger.domain.accounts import News
from services.scoring.lives import BOUNDS, BRANCHES, PEOPLE, Lived, merges, news_of
from services.scoring.sheets import DOCUMENT, SECOND, SHEETS, WORDS, Row

__all__ = ["BRANCHES", "DOCUMENT", "SECOND", "WORDS", "Lived"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event as it reaches the ledger."""

    person: PersonId
    news: News


@dataclass(frozen=True, slots=True)
class Opening:
    quarter: str


@dataclass(frozen=True, slots=True)
class Closing:
    quarter: str


@dataclass(frozen=True, slots=True)
class Reopening:
    quarter: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """The background task rates what an opening left behind."""


Move = Opening | Closing | Reopening | Sweep
Step = list[Arrival] | Move


@dataclass(frozen=True, slots=True)
class History:
    people: tuple[PersonId, ...]
    arrivals: tuple[Arrival, ...]
    sheets: Mapping[str, Row]  # the quarters that may be opened, each with its book

    def steps(self, random: Random) -> Iterator[Step]:
        """Deliver everything at least once, in any order, doubled here and there; the clerk acts in between."""
        batches, moves = [*self.batches(random)], [*self.moves(random)]
        before = sorted(random.randint(0, len(batches)) for _ in moves)
        for at in range(len(batches) + 1):
            yield from (move for place, move in zip(before, moves, strict=True) if place == at)
            yield from batches[at : at + 1]

    def batches(self, random: Random) -> Iterator[list[Arrival]]:
        doubled = [*self.arrivals, *random.sample(self.arrivals, k=len(self.arrivals) // 3)]
        random.shuffle(doubled)
        while doubled:
            size = random.randint(1, 12)
            yield doubled[:size]
            doubled = doubled[size:]

    def moves(self, random: Random) -> Iterator[Move]:
        """What a clerk may do: open in any order, but nothing behind a close; close in order; open the last again."""
        waiting, opened, closed = sorted(self.sheets), set[str](), list[str]()
        for _ in range(random.randint(2, 14)):
            free = [Opening(quarter) for quarter in waiting if quarter > max(closed, default="")]
            due = [Closing(min(opened))] if opened else []
            again = [Reopening(closed[-1])] if closed and random.random() < 0.2 else []
            choices: list[Move] = [*free, *due, *again, Sweep()]
            move = random.choice(choices)
            match move:
                case Opening(quarter):
                    waiting.remove(quarter)
                    opened.add(quarter)
                case Closing(quarter):
                    opened.remove(quarter)
                    closed.append(quarter)
                case Reopening(quarter):
                    closed.pop()
                    opened.add(quarter)
            yield move


def invent(seed: int, people: tuple[PersonId, ...] = PEOPLE, sheets: Mapping[str, Row] | None = None) -> History:
    """What matters is the mixture, so a history comes from a seed, and a seed replays."""
    random = Random(seed)  # noqa: S311 — a test's
    into = merges(random, people)
    arrivals = [Arrival(person, news) for person in people for news in news_of(random, person, into.get(person))]
    if sheets is None:
        quarters = random.sample(sorted(BOUNDS), k=random.choice((1, 2, 3, 3, 4, 4)))
        sheets = {quarter: random.choice(SHEETS) for quarter in quarters}
    return History(people, tuple(arrivals), sheets)
