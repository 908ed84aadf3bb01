"""A county's events, from the beginning of the logs to where the tables' snapshot is."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bus import reading
from bus.kafka import Kafka, Partition, Reader
from bus.reading import Log, Place
from bus.subscriptions import Read, Source
from scoring.ids import CountyId
from scoring.recount import events
from scoring.recount.domain.report import Report
from scoring.work import Work

Tell = Callable[[int, int], None]
"""Hears how many records were read, out of how many."""


@dataclass(frozen=True, slots=True)
class Listening:
    """What the worker listens to, with the same readers, and as which group."""

    group: str
    sources: Sequence[Source[Any]]


@dataclass(slots=True)
class Topics:
    """Reads logs that are cut off. Of an own topic nothing is: its journal says what the snapshot knows of."""

    reader: Reader
    county: CountyId
    sources: Mapping[str, Source[Any]]
    logs: Mapping[Partition, Log]
    aside: set[Place]
    report: Report
    tell: Tell

    async def read(self, names: Iterable[str], part: int | None = None) -> AsyncIterator[Read[Any]]:
        """Yield the county's events of these topics, in their partitions' order."""
        logs, sources = self._of(names, part), list(self.sources.values())
        chunks = reading.through(self.reader, sources, logs, holding=self.county, without=self.aside)
        async for chunk in chunks:
            self.report.unreadable += chunk.unreadable
            self._read(chunk.records)
            for each in chunk.reads:
                if each.envelope.county == self.county:
                    yield each

    async def last(self, name: str, part: int | None = None) -> AsyncIterator[Read[Any]]:
        """Yield the last event of each of the county's keys."""
        logs = self._of([name], part)
        async for each in reading.last(self.reader, self.sources[name], logs, holding=self.county):
            if each.envelope.county == self.county:
                yield each
        self._read(sum(log.end - log.begin for log in logs.values()))

    def parts(self, names: Sequence[str]) -> Sequence[int | None]:
        """Name the parts in which people lie: the partitions, if all of these topics have the same ones."""
        numbers = {name: [each.number for each in self.logs if each.topic == name] for name in names}
        same = all(each == numbers[names[0]] for each in numbers.values())
        return numbers[names[0]] if same else [None]

    def _of(self, names: Iterable[str], part: int | None) -> dict[Partition, Log]:
        wanted = set(names)
        return {p: log for p, log in self.logs.items() if p.topic in wanted and part in {None, p.number}}

    def _read(self, records: int) -> None:
        self.report.records += records
        self.tell(self.report.records, sum(log.end - log.begin for log in self.logs.values()))


async def county_named(kafka: Kafka, reader: Reader, word: str, listening: Listening) -> CountyId | None:
    """Find the county by its word, which the last event about it states."""
    source = next(each for each in listening.sources if each.topic.name == events.COUNTY)
    found: dict[CountyId, tuple[int, str]] = {}
    async for chunk in reading.through(reader, [source], await reading.logs(kafka, reader, [events.COUNTY])):
        for each in chunk.reads:
            seen = each.value
            found[seen.county] = max(found.get(seen.county, (0, "")), (seen.version, seen.word))
    return next((county for county, (_, told) in found.items() if told == word), None)


async def topics_of(  # noqa: PLR0913, PLR0917 — a recount's parts
    work: Work, kafka: Kafka, reader: Reader, county: CountyId, listening: Listening, report: Report, tell: Tell
) -> Topics:
    """Look where the logs end, after the snapshot was taken, and cut off what its tables do not know of."""
    heard = {
        each.topic.name: each for each in listening.sources if each.topic.name in (*events.OF_PEOPLE, events.PERSON)
    }
    own = {each.topic.name: each for each in (events.BOOKS, events.PERIODS, events.JUDGED, events.PUBLISHED)}
    ends = await reading.logs(kafka, reader, heard)
    applied = await reading.applied(work.session, listening.group, ends)
    for partition, log in ends.items():
        report.waiting[partition.topic] += log.end - applied[partition].end
    aside = await reading.set_aside(work.session, listening.group)
    report.set_aside = len(aside)
    logs = {**applied, **await reading.logs(kafka, reader, own)}
    return Topics(reader, county, {**heard, **own}, logs, aside, report, tell)
