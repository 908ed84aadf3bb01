"""A fact: one credited thing of one person, as its subject's latest event states it."""

from dataclasses import dataclass
from datetime import date

from scoring.ids import PersonId, Quarter
from scoring.periods.domain import month_of, quarter_of
from scoring.rulebooks.domain import Shape


@dataclass(frozen=True, slots=True)
class Fact:
    """Keyed (subject, person). The higher version replaces the lower; a withdrawn fact is kept and earns nothing.

    A confirmed judgement is a fact, too: its shape names the item that was judged by.
    """

    person: PersonId
    subject: str
    version: int
    shape: Shape
    day: date  # in Asia/Shanghai, and so the quarter and the month that it counts in
    withdrawn: bool = False
    occurrence: str = ""  # what happened, such as the activity's id; "": nothing but this fact tells of it
    by: str = ""  # who recorded it; no points depend on that

    @property
    def period(self) -> Quarter:
        return quarter_of(self.day)

    @property
    def month(self) -> str:
        return month_of(self.day)

    def says_the_same_as(self, other: "Fact") -> bool:
        mine = (self.shape, self.day, self.withdrawn, self.occurrence)
        return mine == (other.shape, other.day, other.withdrawn, other.occurrence)
