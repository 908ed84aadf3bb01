"""What an item of a book says: which facts it claims and what one of them is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field

BASE = "base"
"""The item under which a quarter's base is booked; no item of a book may be called so."""

APPRAISED, DEDUCTED = "appraisal.confirmed", "deduction.confirmed"
"""The events of confirmed judgements. Their shape's kind is the code of the item that was judged by."""


@dataclass(frozen=True, slots=True)
class Shape:
    """All that a rule may look at in a fact: how it was recorded, by whom and when is not here."""

    event: str  # the catalogue's name, such as "activity.attended"
    kind: str
    theme: str | None
    mode: str
    grade: str | None = None  # of an appraisal
    tenth_hours: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One rule. An empty selector means any; no two items of a book claim the same shape for the same class.

    Bonuses are claimed by what was recorded. Appraisals, deductions and vetoes count only once confirmed; the selectors
    of a deduction or a veto say which recorded events propose it.
    """

    code: str
    name: str
    aspect: str | None  # None: a veto, which concerns the whole quarter
    kind: str  # "bonus" | "appraisal" | "deduction" | "veto"
    event: str
    kinds: frozenset[str]
    themes: frozenset[str]
    modes: frozenset[str]
    value: int
    month_cap: int | None = None
    quarter_cap: int | None = None
    classes: frozenset[str] = frozenset()
    per: str = "occurrence"  # or "hour"
    fact_cap: int | None = None
    year_cap: int | None = None
    once_per: str | None = None  # "day" | "activity" | "theme" | "month" | "quarter"
    grades: Mapping[str, int] = field(default_factory=dict)
    every: str = "quarter"  # or "month": how often an appraisal is held

    @property
    def takes_away(self) -> bool:
        return self.kind in {"deduction", "veto"}

    def concerns(self, class_: str | None) -> bool:
        return not self.classes or class_ in self.classes

    def selects(self, shape: Shape) -> bool:
        """Tell whether the selectors fit a recorded event."""
        return (
            self.event == shape.event
            and (not self.kinds or shape.kind in self.kinds)
            and (not self.themes or shape.theme in self.themes)
            and (not self.modes or shape.mode in self.modes)
        )

    def claims(self, shape: Shape) -> bool:
        """Tell whether a fact of this shape moves the sums of this item."""
        if self.kind == "bonus":
            return self.selects(shape)
        judged = APPRAISED if self.kind == "appraisal" else DEDUCTED
        return shape.event == judged and shape.kind == self.code

    def worth(self, shape: Shape) -> int:
        """Say what one fact of a claimed shape is worth before any cap but its own."""
        if self.kind == "appraisal":
            return self.grades.get(shape.grade or "", 0)
        if self.per == "hour":
            earned = self.value * shape.tenth_hours // 10
            return earned if self.fact_cap is None else min(earned, self.fact_cap)
        return self.value

    def overlaps(self, other: "Item") -> bool:
        """Tell whether some recorded event would be claimed, or proposed, by both."""
        pairs = (
            (self.kinds, other.kinds), (self.themes, other.themes), (self.modes, other.modes),
            (self.classes, other.classes),
        )  # fmt: skip
        same = self.event == other.event != ""
        return same and all(not a or not b or a & b for a, b in pairs)
