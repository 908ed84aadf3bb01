"""Histories for the property test: what happened, in what order it arrives, and what a recount makes of it.

The recount is written as plainly as possible and shares no code with the ledger but its data classes.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.accounts import News
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership, absences_of
from scoring.rulebooks.domain import Book, Shape, Vocabulary, read

PEOPLE = tuple(PersonId(f"0190b5a0-0000-7000-8000-00000000000{n}") for n in range(3))
BRANCHES = tuple(OrganisationId(f"0190b5a0-0000-7000-9000-00000000000{n}") for n in range(2))
YEAR = [date(2022, 1, 1) + timedelta(days=n) for n in range(273)]  # three quarters
BOUNDS = {"2022Q1": YEAR[:90], "2022Q2": YEAR[90:181], "2022Q3": YEAR[181:]}

Row = dict[str, Any]
SECTION: Row = {"event": "activity.attended", "month_cap_tenths": None, "quarter_cap_tenths": None}
DOCUMENT: Row = {
    "word": "example",
    "version": 1,
    "title": "示例",
    "starts_on": "2022-01-01",
    "base_tenths": {"A": 600, "B": 500, "C": 0},
    "aspects": [
        {"code": "learning", "name": "学习活动", "quarter_cap_tenths": 90},
        {"code": "contribution", "name": "发挥作用"},
    ],
    "items": [
        {**SECTION, "code": "study", "name": "集中学习", "aspect": "learning", "kinds": ["study"], "value_tenths": 20,
         "month_cap_tenths": 40, "quarter_cap_tenths": 50},
        {**SECTION, "code": "lesson", "name": "党课", "aspect": "learning", "kinds": ["lesson"], "value_tenths": 25},
        {**SECTION, "code": "service", "name": "公益服务", "aspect": "contribution", "kinds": ["service"],
         "value_tenths": 15, "quarter_cap_tenths": 30},
    ],
}  # fmt: skip
SECOND: Row = {**DOCUMENT, "version": 2, "starts_on": "2022-04-01", "base_tenths": {"A": 650, "C": 10}}
WORDS = Vocabulary(scorable={"activity.attended": True})
DOCUMENTS = {"2022Q1": DOCUMENT, "2022Q2": SECOND, "2022Q3": SECOND}
BOOKS: Mapping[str, Book] = {quarter: read(document, WORDS) for quarter, document in DOCUMENTS.items()}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event as it reaches the ledger."""

    person: PersonId
    news: News


@dataclass(frozen=True, slots=True)
class Opening:
    quarter: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """The background task rates what an opening left behind."""


@dataclass(frozen=True, slots=True)
class Lived(Life):
    """A life with the statuses that registry tells, so that the recount need not trust what is made of them."""

    statuses: tuple[tuple[str, date], ...] = ()


Step = list[Arrival] | Opening | Sweep


@dataclass(frozen=True, slots=True)
class History:
    people: tuple[PersonId, ...]
    arrivals: tuple[Arrival, ...]
    openings: tuple[Opening, ...]

    def steps(self, random: Random) -> Iterator[Step]:
        """Deliver everything at least once, in any order, doubled here and there, in batches of any size."""
        doubled = [*self.arrivals, *random.sample(self.arrivals, k=len(self.arrivals) // 3)]
        random.shuffle(doubled)
        steps: list[Step] = []
        while doubled:
            size = random.randint(1, 12)
            steps.append(doubled[:size])
            doubled = doubled[size:]
        extras: list[Step] = [*self.openings, Sweep(), Sweep()]
        for extra in extras:
            steps.insert(random.randint(0, len(steps)), extra)
        yield from steps


def invent(seed: int, people: tuple[PersonId, ...] = PEOPLE) -> History:
    """What matters is the mixture, so a history comes from a seed, and a seed replays."""
    random = Random(seed)  # noqa: S311 — a test's
    arrivals = [arrival for person in people for arrival in _of_person(random, person)]
    quarters = random.sample(sorted(BOUNDS), k=random.randint(1, 3))
    return History(people, tuple(arrivals), tuple(Opening(quarter) for quarter in quarters))


def _of_person(random: Random, person: PersonId) -> Iterator[Arrival]:
    for version in range(1, random.randint(1, 4)):
        yield Arrival(person, _life(random, version))
    for version in range(1, random.randint(1, 4)):
        yield Arrival(person, _belonging(random, version))
    for number in range(random.randint(0, 40)):
        for version in range(1, random.choice((2, 2, 2, 3, 4))):
            yield Arrival(person, _fact(random, person, f"0190b5a0-0000-7000-8000-0000000001{number:02}", version))


def _life(random: Random, version: int) -> Life:
    sinces = sorted(random.sample([date(2021, 5, 1), *YEAR[::9]], k=random.randint(0, 2)))
    statuses = _statuses(random)
    if random.random() < 0.6:
        sinces, statuses = [date(2021, 5, 1), *sinces], random.choice(((), (), statuses))
    held = tuple(Held(random.choice("AABCX"), since) for since in sinces)
    return Lived(version, held, absences_of(statuses), statuses=statuses)


def _statuses(random: Random) -> tuple[tuple[str, date], ...]:
    """Departures, returns and death, often on the edges of a quarter, now and then two on one day."""
    edges = [date(2021, 6, 1), *(day for days in BOUNDS.values() for day in (days[0], days[1], days[-1])), YEAR[40]]
    days = sorted(random.choices([*edges, random.choice(YEAR)], k=random.choice((0, 0, 1, 2, 2, 3, 4))))
    turns = [("moved", "active")[number % 2] for number in range(len(days))]
    if days and random.random() < 0.3:
        turns[-1] = "died"
    return tuple(zip(turns, days, strict=True))


def _belonging(random: Random, version: int) -> Belonging:
    since = random.choice((date(2020, 1, 1), date(2020, 1, 1), date(2022, 4, 1), random.choice(YEAR)))
    moved = random.choice((None, since + timedelta(days=random.randint(1, 200))))
    memberships = [Membership(random.choice(BRANCHES), home=True, since=since, until=moved)]
    if moved and random.random() < 0.5:
        later = moved + timedelta(days=random.choice((0, 0, 60)))
        memberships.append(Membership(random.choice(BRANCHES), home=random.random() < 0.8, since=later, until=None))
    return Belonging(version, tuple(memberships))


def _fact(random: Random, person: PersonId, activity: str, version: int) -> Fact:
    event = random.choice(("activity.attended",) * 5 + ("activity.excused",))
    shape = Shape(event, random.choice(("study", "study", "lesson", "service", "opera")), None, "assembled")
    day = random.choice((*YEAR[::20], *YEAR[80:100], *YEAR[:8]))
    return Fact(person, f"{activity}/{person}", version, shape, day, withdrawn=random.random() < 0.12)


Entry = tuple[str | None, str, str, int]  # fact, item, month, value


@dataclass(frozen=True, slots=True)
class Recounted:
    totals: dict[tuple[str, str], tuple[int, dict[str, int], int]]  # (person, quarter) → base, aspects, total
    lines: set[tuple[str, str, Entry]]  # (person, quarter, entry)


def recount(history: History) -> Recounted:
    """Count from scratch: the last word of every subject, day by day."""
    counted = Recounted({}, set())
    for person in history.people:
        words = [arrival.news for arrival in history.arrivals if arrival.person == person]
        life = max((w for w in words if isinstance(w, Life)), key=lambda w: w.version, default=None)
        belonging = max((w for w in words if isinstance(w, Belonging)), key=lambda w: w.version, default=None)
        facts: dict[str, Fact] = {}
        for word in sorted((w for w in words if isinstance(w, Fact)), key=lambda w: w.version):
            facts[word.subject] = word
        for opening in history.openings:
            entries = _entries(opening.quarter, life, belonging, list(facts.values()))
            if entries is not None:
                counted.totals[person, opening.quarter] = _added_up(entries, DOCUMENTS[opening.quarter])
                counted.lines.update({(person, opening.quarter, entry) for entry in entries})
    return counted


def _entries(quarter: str, life: Life | None, belonging: Belonging | None, facts: list[Fact]) -> list[Entry] | None:
    if life is None or belonging is None:
        return None
    document = DOCUMENTS[quarter]
    bases: Row = document["base_tenths"]
    in_scope = [day for day in BOUNDS[quarter] if _class(life, day) in bases and _here(life, belonging, day)]
    if not in_scope:
        return None
    base = bases[str(_class(life, in_scope[0]))]
    entries: list[Entry] = [(None, "base", "", base)] if base else []
    for fact in facts:
        held = _class(life, fact.day) or _class(life, life.classes[0].since)
        if fact.day in BOUNDS[quarter] and not fact.withdrawn and held in bases:
            entries += [
                (fact.subject, item["code"], str(fact.day)[:7], item["value_tenths"])
                for item in document["items"]
                if fact.shape.event == item["event"] and fact.shape.kind in item["kinds"]
            ]
    return entries


def _class(life: Life, day: date) -> str | None:
    held = None
    for each in sorted(life.classes, key=lambda each: each.since):
        if each.since <= day:
            held = each.code
    return held


def _here(life: Life, belonging: Belonging, day: date) -> bool:
    at_home = any(m.home and m.since <= day < (m.until or date.max) for m in belonging.memberships)
    return at_home and _lives_here(life, day)


def _lives_here(life: Life, day: date) -> bool:
    """Alive, and the last change before a death was not one of leaving."""
    statuses = life.statuses if isinstance(life, Lived) else ()
    deaths = [since for status, since in statuses if status == "died"]
    moves = [status for status, since in statuses if status != "died" and since <= day]
    return (not moves or moves[-1] == "active") and day <= min(deaths, default=date.max)


def _added_up(entries: list[Entry], document: Row) -> tuple[int, dict[str, int], int]:
    aspects = {}
    for aspect in document["aspects"]:
        points = 0
        for item in document["items"]:
            if item["aspect"] == aspect["code"]:
                points += _item(item, entries)
        aspects[aspect["code"]] = _at_most(points, aspect.get("quarter_cap_tenths"))
    base = sum(value for _, item, _, value in entries if item == "base")
    return base, aspects, base + sum(aspects.values())


def _item(item: Row, entries: list[Entry]) -> int:
    months: dict[str, int] = defaultdict(int)
    for _, code, month, value in entries:
        if code == item["code"]:
            months[month] += value
    return _at_most(sum(_at_most(m, item["month_cap_tenths"]) for m in months.values()), item["quarter_cap_tenths"])


def _at_most(points: int, cap: int | None) -> int:
    if cap is not None and points > cap:
        return cap
    return points
