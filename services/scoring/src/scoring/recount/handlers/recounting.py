"""A recount: everything is read from the topics, folded person by person, and compared with one snapshot."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import islice

from bus import reading
from bus.kafka import Kafka
from scoring.ids import CountyId, PersonId, Quarter
from scoring.ledger.domain.accounts import Frozen
from scoring.periods.domain import Rules
from scoring.recount import events, repository
from scoring.recount.domain.arriving import Arrivals
from scoring.recount.domain.counting import count, rules_of
from scoring.recount.domain.gathering import Gathered, Gathering, Lives
from scoring.recount.domain.pictures import Difference, Picture
from scoring.recount.domain.report import Report
from scoring.recount.events import BookTold, PeriodTold, PublishedTold
from scoring.recount.handlers.topics import Listening, Tell, Topics, county_named, topics_of
from scoring.recount.repository import Snapshot
from scoring.rulebooks.domain import recall
from scoring.work import Work

CHUNK = 1000


class CannotCompare(Exception):
    """What concerns everybody is under way, or is not there: the sentence says what."""


async def recount(work: Work, kafka: Kafka, word: str, listening: Listening, tell: Tell) -> Report:
    """Compare a county's tables with what its topics come to. The transaction sees one moment. Raises CannotCompare."""
    report = Report()
    async with kafka.reader(reading.FETCH_BYTES) as reader:
        county = await county_named(kafka, reader, word, listening)
        if county is None:
            raise CannotCompare(f"no county of the word {word} is on {events.COUNTY}")
        snapshot = await repository.snapshot(work, county, events.OWN, events.POINTS)
        topics = await topics_of(work, kafka, reader, county, listening, report, tell)
        await _County(work, county, snapshot, topics, report).count()
    return report


class _County:
    def __init__(self, work: Work, county: CountyId, snapshot: Snapshot, topics: Topics, report: Report) -> None:
        self._work, self._county, self._snapshot, self._topics = work, county, snapshot, topics
        self._report = report
        self._arrivals = Arrivals(snapshot.told, snapshot.unsent)
        self._rules, self._lives = Rules(0, {}), Lives(county)
        self._entries: dict[PersonId, set[PersonId]] = defaultdict(set)
        self._published: dict[PersonId, PublishedTold] = {}
        self._left = set(snapshot.accounts)

    async def count(self) -> None:
        self._rules = await self._read_rules()
        merged = await self._read_lives()
        held = dict[PersonId, Gathered]()
        for part in self._topics.parts([events.PERSON, *events.OF_PEOPLE, events.POINTS]):
            people = await self._gather(part)
            held |= {person: people.pop(person) for person in merged & people.keys()}
            await self._compare(people)
        await self._compare(self._gone_on(merged, held))
        await self._compare({person: Gathered() for person in self._left})

    async def _read_rules(self) -> Rules:
        """Read what concerns everybody, the last word on each book and period. Raises CannotCompare."""
        books, periods = dict[str, BookTold](), dict[Quarter, PeriodTold]()
        async for each in self._topics.read(events.OF_COUNTY):
            told = each.value
            if not self._arrivals.knows(each.topic.name, each.envelope.subject, told.version):
                self._report.waiting[each.topic.name] += 1
            elif isinstance(told, BookTold):
                books[told.id] = told
            else:
                periods[told.period.code] = max(periods.get(told.period.code, told), told, key=lambda p: p.version)
        if missing := {event[0] for event, _ in self._arrivals.missing(events.OF_COUNTY)}:
            raise CannotCompare(
                f"not everything is on {', '.join(sorted(missing))} yet: a worker has to relay it first"
            )
        recalled = {id_: recall(each.document) for id_, each in books.items()}
        return rules_of((each.period for each in periods.values()), recalled)

    async def _read_lives(self) -> set[PersonId]:
        """Read who lives and who goes on as whom; return everybody whom a merge concerns."""
        async for each in self._topics.read([events.PERSON]):
            self._lives.add(each.value.person, each.value.news)
        self._left |= set(self._lives)
        merged = self._lives.merged()
        for person in merged:
            self._entries[self._lives.goes_on_as(person)].add(person)
        return merged

    async def _gather(self, part: int | None) -> dict[PersonId, Gathered]:
        """Read one part's people, and what closes have published of them."""
        gathering = Gathering()
        async for each in self._topics.read(events.OF_PEOPLE, part):
            told, name = each.envelope, each.topic.name
            if name in events.OWN and not self._arrivals.knows(name, told.subject, told.aggregateversion):
                self._report.waiting[name] += 1
            elif each.value.news is not None:
                gathering.add(each.value.person, each.value.news)
        if self._rules.closed:
            async for last in self._topics.last(events.POINTS, part):
                self._published[last.value.person] = last.value
        return gathering.people

    def _gone_on(self, merged: set[PersonId], held: Mapping[PersonId, Gathered]) -> dict[PersonId, Gathered]:
        """Bring together what was told of each person's entries; of one that ended its own memberships remain."""
        people = {person: Gathered() for person in merged}
        for person, gathered in held.items():
            people[person].belonging = gathered.belonging
            goes_on = self._lives.goes_on_as(person)
            people[goes_on].absorb(gathered, goes_on)
        return people

    async def _compare(self, people: Mapping[PersonId, Gathered]) -> None:
        left = iter(sorted(people))
        while chunk := list(islice(left, CHUNK)):
            ended = {person for person in chunk if self._lives.ended(person)}
            tables = await repository.pictures(self._work, self._county, chunk, self._rules.periods, ended)
            for person in chunk:
                self._compare_one(person, people[person], tables[person])
            self._left -= set(chunk)

    def _compare_one(self, person: PersonId, gathered: Gathered, tables: Picture) -> None:
        frozen = self._frozen(person)
        if frozen is None or self._is_under_way(person):
            self._report.left_out += 1
            return
        entries = self._entries.get(person, {person})
        picture = count(
            (self._county, person), self._lives.of(person), gathered, self._rules,
            frozen=frozen, absorbing=not self._lives.ended(person) and len(entries) > 1,
        )  # fmt: skip
        self._report.compare(person, picture, tables)

    def _frozen(self, person: PersonId) -> tuple[Frozen, ...] | None:
        """Say what closes have published of somebody, by the account's last event. None: it is under way."""
        published, kept = self._published.pop(person, None), self._snapshot.accounts.get(person, 0)
        found = published.version if published else 0
        if not self._rules.closed or found == kept:
            return published.frozen if published else ()
        if found > kept or self._arrivals.is_unsent(events.POINTS, person, kept):
            return None
        self._note_lost(events.POINTS, person, f"version {kept}")
        return published.frozen if published else ()

    def _is_under_way(self, person: PersonId) -> bool:
        """Tell whether an opening has not reached the account yet, or what people judged is not on its topic yet."""
        entries = self._entries.get(person, {person})
        missing = [each for entry in entries for each in self._arrivals.missing([events.JUDGED_TOPIC], entry)]
        for (topic, subject), unsent in missing:
            if not unsent:
                self._note_lost(topic, person, subject)
        return person in self._snapshot.behind or any(unsent for _, unsent in missing)

    def _note_lost(self, topic: str, person: PersonId, which: str) -> None:
        self._report.note(Difference("event", person, f"{topic} {which}", "was told, and the topic does not have it"))
