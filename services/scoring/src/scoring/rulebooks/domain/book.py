"""A rule book version: immutable, bound to quarters, and blind to everything but coded attributes.

Points are whole numbers of tenths everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

BASE = "base"
"""The item under which a quarter's base is booked; no item of a book may be called so."""


@dataclass(frozen=True, slots=True)
class Shape:
    """All that a rule may look at in a fact: how it was recorded, by whom and when is not here."""

    event: str  # the catalogue's name, such as "activity.attended"
    kind: str
    theme: str | None
    mode: str


@dataclass(frozen=True, slots=True)
class Aspect:
    code: str
    name: str
    quarter_cap: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """What one occurrence earns. An empty selector means any; no two items of a book claim the same shape."""

    code: str
    name: str
    aspect: str
    kind: str
    event: str
    kinds: frozenset[str]
    themes: frozenset[str]
    modes: frozenset[str]
    value: int
    month_cap: int | None
    quarter_cap: int | None

    def claims(self, shape: Shape) -> bool:
        return (
            self.event == shape.event
            and (not self.kinds or shape.kind in self.kinds)
            and (not self.themes or shape.theme in self.themes)
            and (not self.modes or shape.mode in self.modes)
        )

    def overlaps(self, other: "Item") -> bool:
        """Tell whether some shape would be claimed by both."""
        pairs = ((self.kinds, other.kinds), (self.themes, other.themes), (self.modes, other.modes))
        return self.event == other.event and all(not a or not b or a & b for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Book:
    word: str
    version: int
    title: str
    starts_on: date
    base: Mapping[str, int]  # class code → the whole quarter's base; a class not named here is not scored
    aspects: tuple[Aspect, ...]
    items: tuple[Item, ...]

    def item(self, code: str) -> Item:
        return next(item for item in self.items if item.code == code)

    def aspect_of(self, code: str) -> Aspect:
        return next(aspect for aspect in self.aspects if aspect.code == code)
