"""Counting a history again from scratch: the last word of every subject, day by day, quarter by quarter.

Written as plainly as possible; it shares no code with the ledger but its data classes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scoring.ids import PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Exemption, Life
from services.scoring.adding import Entry, Figures, Quarter, add_up
from services.scoring.histories import Arrival, Closing, Opening, Reopening, Step
from services.scoring.rerating import Rated, Who, rerate
from services.scoring.sheets import Row


@dataclass(frozen=True, slots=True)
class Frozen:
    own: int
    settled: dict[str, int]
    grade: str | None


Closes = dict[str, dict[str, Frozen]]  # quarter → person → what its close published
Shown = tuple[int, dict[str, int], int, int, bool, dict[str, int]]  # base, aspects, total, carried, vetoed, adjustments


@dataclass(slots=True)
class Recounted:
    totals: dict[tuple[str, str], Shown] = field(default_factory=dict)  # (person, open quarter)
    closed: dict[tuple[str, str], tuple[int, int, dict[str, int], str | None]] = field(default_factory=dict)
    lines: set[tuple[str, str, Entry]] = field(default_factory=set)
    proposed: set[tuple[str, str, str, date, str]] = field(default_factory=set)


def recount(log: Iterable[Step], sheets: Mapping[str, Row]) -> Recounted:
    """Follow what arrived and what the clerk did; a close publishes what has arrived by then."""
    arrivals, opened, closes = list[Arrival](), list[str](), Closes()
    for step in log:
        match step:
            case list():
                arrivals += step
            case Opening(quarter):
                opened.append(quarter)
            case Closing(quarter):
                now = count(arrivals, {each: sheets[each] for each in sorted(opened)}, closes)
                closes[quarter] = {
                    person: Frozen(total - sum(owed.values()), owed, _grade(sheets[quarter], total))
                    for (person, each), (_, _, total, _, _, owed) in now.totals.items()
                    if each == quarter
                }
            case Reopening(quarter):
                del closes[quarter]
    return count(arrivals, {quarter: sheets[quarter] for quarter in sorted(opened)}, closes)


def count(arrivals: Sequence[Arrival], books: Mapping[str, Row], closes: Closes) -> Recounted:
    counted = Recounted()
    known = _known(arrivals)
    for person, who in known.items():
        rated = {quarter: rerate(who, quarter, book) for quarter, book in books.items()} if who else {}
        _count_person(person, {quarter: each for quarter, each in rated.items() if each}, books, closes, counted)
    return counted


def _count_person(
    person: str, rated: Mapping[str, Rated], books: Mapping[str, Row], closes: Closes, counted: Recounted
) -> None:
    for quarter, each in rated.items():
        counted.lines |= {(person, quarter, entry) for entry in each.entries}
        counted.proposed |= {(person, subject, item, day, quarter) for subject, item, day in each.proposed}
    published = {quarter: frozen[person] for quarter, frozen in closes.items() if person in frozen}
    figures = add_up(
        {quarter: Quarter(books[quarter], each.entries, each.months) for quarter, each in rated.items()},
        {quarter: published[quarter].own if quarter in published else None for quarter in closes},
    )
    carrying = min((quarter for quarter in books if quarter not in closes), default=None)
    owed = {quarter: _owed(quarter, figures, published) for quarter in closes}
    for quarter, own in figures.items():
        if quarter not in closes:
            adjustments = {of: value for of, value in owed.items() if value} if quarter == carrying else {}
            total = own.total + sum(adjustments.values())
            counted.totals[person, quarter] = (own.base, own.aspects, total, own.carried, own.vetoed, adjustments)
    for quarter in closes:
        if quarter in figures or quarter in published:
            frozen = published.get(quarter, Frozen(0, {}, None))
            true = figures[quarter].total if quarter in figures else 0
            counted.closed[person, quarter] = (frozen.own, true, frozen.settled, frozen.grade)


def _owed(quarter: str, figures: Mapping[str, Figures], published: Mapping[str, Frozen]) -> int:
    true = figures[quarter].total if quarter in figures else 0
    told = published[quarter].own if quarter in published else 0
    return true - told - sum(frozen.settled.get(quarter, 0) for frozen in published.values())


def _grade(book: Row, total: int) -> str | None:
    for band in book.get("bands", ()):
        if band["from_tenths"] <= total and (band["to_tenths"] is None or total <= band["to_tenths"]):
            return str(band["code"])
    return None


def _known(arrivals: Iterable[Arrival]) -> dict[str, Who | None]:
    """Everybody by the last words; an entry that ended hands facts and exemptions to the one that goes on."""
    lives, belongings = dict[str, Life](), dict[str, Belonging]()
    exemptions, facts = dict[tuple[str, str], Exemption](), dict[tuple[str, str], Fact]()
    for arrival in sorted(arrivals, key=lambda arrival: arrival.news.version):
        match arrival.news:
            case Life() as life:
                lives[arrival.person] = life
            case Belonging() as belonging:
                belongings[arrival.person] = belonging
            case Exemption() as exemption:
                exemptions[arrival.person, exemption.id] = exemption
            case Fact() as fact:
                facts[arrival.person, fact.subject] = fact
    into = {person: life.merged_into for person, life in lives.items() if life.merged_into}
    people = {arrival.person for arrival in arrivals} | {*into.values()}
    return {
        person: None
        if person in into
        else Who(
            lives.get(person),
            belongings.get(person),
            [each for (whose, _), each in exemptions.items() if _goes_on(whose, into) == person],
            [each for (whose, _), each in facts.items() if _goes_on(whose, into) == person],
        )
        for person in people
    }


def _goes_on(person: str, into: Mapping[str, PersonId]) -> str:
    while person in into:
        person = into[PersonId(person)]
    return person
