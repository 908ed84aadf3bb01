"""Our own events are on their way from the tables' journal to the topics while we look: which are there, which are not.

A subject's versions have no gaps, so its last one says which of its events the snapshot knows of.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from scoring.ids import PersonId

Event = tuple[str, str]
"""Topic and subject."""


class Arrivals:
    """`told`: the last version of each subject in the snapshot's journal; `unsent`: what was still to be relayed."""

    def __init__(self, told: Mapping[Event, int], unsent: Collection[tuple[str, str, int]]) -> None:
        self._told, self._unsent = told, unsent
        self._found: dict[Event, int] = {}
        self._by_person: dict[PersonId, list[Event]] = defaultdict(list)
        for topic, subject in told:
            self._by_person[PersonId(subject.split("/")[0])].append((topic, subject))

    def knows(self, topic: str, subject: str, version: int) -> bool:
        """Note an event that is on its topic; say whether the snapshot knows of it, too."""
        event = (topic, subject)
        if version > self._told.get(event, 0):
            return False
        self._found[event] = max(version, self._found.get(event, 0))
        return True

    def missing(self, topics: Collection[str], person: PersonId | None = None) -> Iterator[tuple[Event, bool]]:
        """Name what the snapshot has told and these topics do not have, and whether it is still to be sent."""
        for event in self._told if person is None else self._by_person.get(person, ()):
            version = self._told[event]
            if event[0] in topics and self._found.get(event, 0) < version:
                yield event, self.is_unsent(*event, version)

    def is_unsent(self, topic: str, subject: str, version: int) -> bool:
        return (topic, subject, version) in self._unsent
