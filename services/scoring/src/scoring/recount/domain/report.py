"""What came out: how much was compared, what differs, and what could not be compared because it is under way."""

from collections import Counter
from dataclasses import dataclass, field

from scoring.ids import PersonId
from scoring.recount.domain.pictures import Difference, Picture, differences

SHOWN = 20
"""So many differences are named; the rest are counted."""


@dataclass(slots=True)
class Report:
    counted: Counter[str] = field(default_factory=Counter)  # what the topics come to, by kind
    different: Counter[str] = field(default_factory=Counter)
    first: list[Difference] = field(default_factory=list)
    waiting: Counter[str] = field(default_factory=Counter)  # by topic: events that the tables do not know of yet
    left_out: int = 0  # people of whom something is under way
    set_aside: int = 0
    unreadable: int = 0
    records: int = 0

    @property
    def equal(self) -> bool:
        return not self.different

    def aside(self) -> dict[str, int]:
        """What was not compared, and why."""
        return {
            "people left out, because something of theirs is under way": self.left_out,
            "events were set aside as dead letters and are left out here, too": self.set_aside,
            "events of the county cannot be read": self.unreadable,
        }

    def compare(self, person: PersonId, topics: Picture, tables: Picture) -> None:
        self.counted["person"] += 1
        for what, section in topics.sections():
            self.counted[what] += len(section)
        for each in differences(person, topics, tables):
            self.note(each)

    def note(self, difference: Difference) -> None:
        self.different[difference.what] += 1
        if len(self.first) < SHOWN:
            self.first.append(difference)
