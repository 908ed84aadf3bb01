"""What a set of facts earns under a book, before any cap. Pure, and blind to the order in which the facts came.

Two facts of one occurrence meet in one person after a merge; only one of them counts. Of the facts that an item counts
once a day, a theme, a month or a quarter, the best one counts.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from typing import Final, Literal, Protocol

from scoring.ledger.domain.cells import Earned
from scoring.ledger.domain.facts import Fact
from scoring.rulebooks.domain import APPRAISED, DEDUCTED, Book, Item, Shape

OUTCOMES = {"activity.attended": 0, "activity.excused": 1, "activity.missed": 2}
"""Of two records of one occurrence the earlier in this order counts."""


class Standing(Protocol):
    """As much of a person's dated history as one fact's points depend on."""

    def class_for(self, day: date) -> str | None: ...
    def exempt_on(self, day: date) -> bool: ...


class Plainness(Enum):
    NOT_PLAIN = "not-plain"


NOT_PLAIN: Final = Plainness.NOT_PLAIN
"""What a new fact earns depends on the other facts of its cell, which must be rated again as a whole."""


def earned(facts: Iterable[Fact], standing: Standing, book: Book) -> list[Earned]:
    """Rate the whole set of facts of one cell."""
    best: dict[tuple[object, ...], tuple[tuple[int, str], Earned]] = {}
    plain = []
    for fact in _counted(facts, standing, book):
        item = item_for(fact, standing, book)
        if item is None:
            continue
        line = _line(item, fact)
        if line is None:
            continue
        key = _once_key(item, fact)
        rank = (-line.value, fact.subject)
        if key is None:
            plain.append(line)
        elif key not in best or rank < best[key][0]:
            best[key] = (rank, line)
    return plain + [line for _, line in best.values()]


def moves_plainly(fact: Fact, standing: Standing, book: Book) -> Earned | Literal[Plainness.NOT_PLAIN] | None:
    """Say what a new fact earns on its own, if nothing else of its cell has a say in it."""
    item = item_for(fact, standing, book)
    if item is None or fact.withdrawn:
        return None
    return _line(item, fact) if _once_key(item, fact) is None else NOT_PLAIN


def proposals(facts: Iterable[Fact], standing: Standing, book: Book) -> set[tuple[str, str, date]]:
    """Say what these facts propose to take away: subject, item and day of each. Nothing of it counts unconfirmed."""
    if not book.proposing:
        return set()
    return {
        (fact.subject, item.code, fact.day)
        for fact in _counted(facts, standing, book)
        for item in book.proposing
        if item.selects(fact.shape) and _admits(item, fact, standing, book)
    }


def item_for(fact: Fact, standing: Standing, book: Book) -> Item | None:
    """Say which item of the book the fact moves; the linter allows one at most."""
    class_ = standing.class_for(fact.day)
    item = claiming(fact.shape, class_, book) if class_ in book.base else None
    if item is not None and item.takes_away and standing.exempt_on(fact.day):
        return None
    return item


def claiming(shape: Shape, class_: str | None, book: Book) -> Item | None:
    """Find the item that claims the shape for the class. The answer is kept: a county records few different shapes."""
    key = (shape.event, shape.kind, shape.theme, shape.mode, class_)
    try:
        return book.claimed[key]
    except KeyError:
        fitting = (item for item in book.items if item.claims(shape) and item.concerns(class_))
        if len(book.claimed) >= MOST_KEPT:
            book.claimed.clear()
        return book.claimed.setdefault(key, next(fitting, None))


MOST_KEPT = 4096


def _admits(item: Item, fact: Fact, standing: Standing, book: Book) -> bool:
    class_ = standing.class_for(fact.day)
    return class_ in book.base and item.concerns(class_) and not standing.exempt_on(fact.day)


def _counted(facts: Iterable[Fact], standing: Standing, book: Book) -> Iterator[Fact]:
    """Of the facts of one occurrence keep one: attended before excused before missed, then what is worth more."""
    groups: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts:
        if not fact.withdrawn:
            groups.setdefault(_occurrence(fact), []).append(fact)
    for group in groups.values():
        yield group[0] if len(group) == 1 else min(group, key=lambda fact: _precedence(fact, standing, book))


def _occurrence(fact: Fact) -> tuple[str, ...]:
    """A judgement never competes with the event that it judges, nor with one by another item."""
    judged = fact.shape.kind if fact.shape.event in {APPRAISED, DEDUCTED} else ""
    return fact.occurrence or fact.subject, fact.shape.event.partition(".")[0], judged


def _precedence(fact: Fact, standing: Standing, book: Book) -> tuple[int, int, str]:
    item = item_for(fact, standing, book)
    value = item.worth(fact.shape) if item else 0
    return OUTCOMES.get(fact.shape.event, 0), -value, fact.subject


def _line(item: Item, fact: Fact) -> Earned | None:
    """A veto takes no points of its own; anything else that is worth nothing leaves no line."""
    value = item.worth(fact.shape)
    return Earned(item.code, item.aspect, fact.month, value, fact.subject) if value or item.kind == "veto" else None


def _once_key(item: Item, fact: Fact) -> tuple[object, ...] | None:
    """What facts that count once have in common. An appraisal is held once a quarter, or once a month."""
    match item.every if item.kind == "appraisal" else item.once_per:
        case None:
            return None
        case "day":
            return item.code, fact.day
        case "activity":
            return item.code, fact.occurrence or fact.subject
        case "theme":
            return item.code, fact.shape.theme
        case "month":
            return item.code, fact.month
        case _:
            return item.code, fact.period
