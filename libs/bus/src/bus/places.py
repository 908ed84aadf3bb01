"""Where the runner expects each of its partitions to go on, which it must look up first, and which are put off."""

import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bus import positions
from bus.errors import Overtaken
from bus.kafka import Kafka, Member, Partition, Record
from bus.positions import Span
from kit.database import Sessions

SHORTEST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 30.0


@dataclass(slots=True)
class Pause:
    """How often a partition was put off in a row, and until when."""

    times: int
    until: float


class Places:
    """One member's view of its partitions. A rebalance empties it; what is assigned then is looked up anew."""

    def __init__(self, sessions: Sessions, kafka: Kafka, group: str) -> None:
        self._sessions, self._kafka, self._group = sessions, kafka, group
        self._next: dict[Partition, int] = {}
        self._sought: set[Partition] = set()
        self._pauses: dict[Partition, Pause] = {}

    def revoked(self) -> None:
        self._next.clear()
        self._sought.clear()
        self._pauses.clear()

    async def seat(self, member: Member) -> set[Partition]:
        """Look up and seek what is new, which is returned, and go on with what was put off long enough."""
        due = [each for each, pause in self._pauses.items() if 0 < pause.until <= time.monotonic()]
        for each in due:
            self._pauses[each].until = 0
        member.resume(due)
        new = member.assigned() - self._next.keys()
        if new:
            found = await positions.find(self._sessions, self._kafka, self._group, new)
            still = {each: place for each, place in found.items() if each in member.assigned()}
            member.seek(still)
            self._next |= still
            self._sought |= still.keys()
        return new

    def mine(self, polled: Mapping[Partition, Sequence[Record]]) -> list[Record]:
        """Return the records that stand where they must; what does not is looked up again before it is believed."""
        records: list[Record] = []
        for partition, found in polled.items():
            if partition not in self._next:
                continue
            expected, first = self._next[partition], found[0].offset
            # Right after a search a gap is Kafka's own (a transaction's marker); at any other time it is a lost log.
            if first == expected or (first > expected and partition in self._sought):
                records += found
                self._sought.discard(partition)
            else:
                self.drop([partition])
        return records

    def spans(self, records: Iterable[Record]) -> dict[Partition, Span]:
        """Say from where to where these records go. Raises Overtaken if a partition was taken away meanwhile."""
        last = {(record.topic, record.partition): record for record in records}
        spans: dict[Partition, Span] = {}
        for (topic, number), record in last.items():
            partition = Partition(topic, number)
            if partition not in self._next:
                raise Overtaken(f"{topic}/{number}")
            spans[partition] = Span(self._next[partition], record)
        return spans

    def left(self, records: Iterable[Record]) -> dict[Partition, list[Record]]:
        """Return, partition by partition, what of these is not done yet: a part of a batch may have been committed."""
        left: dict[Partition, list[Record]] = {}
        for record in records:
            partition = Partition(record.topic, record.partition)
            if record.offset >= self._next.get(partition, 0):
                left.setdefault(partition, []).append(record)
        return left

    def done(self, spans: Mapping[Partition, Span]) -> None:
        """Expect what comes behind the spans; the database has them."""
        for partition in spans.keys() & self._next.keys():
            self._next[partition] = spans[partition].last.offset + 1
            self._pauses.pop(partition, None)

    def drop(self, partitions: Iterable[Partition]) -> None:
        """Forget where these are."""
        for each in partitions:
            self._next.pop(each, None)

    def put_off(self, member: Member, partitions: Iterable[Partition]) -> float:
        """Go back to where these are and let them rest, longer each time. Return for how long."""
        mine = {each: self._next[each] for each in partitions if each in self._next}
        times = 1 + max((self._pauses[each].times for each in mine if each in self._pauses), default=0)
        pause = min(LONGEST_PAUSE_S, SHORTEST_PAUSE_S * 2.0**times) * random.uniform(0.8, 1.2)  # noqa: S311
        member.seek(mine)
        member.pause(mine)
        self._sought |= mine.keys()
        for each in mine:
            self._pauses[each] = Pause(times, time.monotonic() + pause)
        return pause

    def committable(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        return {each: self._next[each] for each in partitions if each in self._next}
