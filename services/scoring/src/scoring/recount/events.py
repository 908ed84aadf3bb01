"""What a recount reads besides registry's topics: books, periods, judgements, and what closes have published."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bus.subscriptions import Source, source
from contracts import topics
from contracts.envelope import Envelope, read
from contracts.scoring import AppraisalV1, DeductionV1, ExemptionV1, PeriodV1, PointsV1, RulebookV1
from scoring.ids import BookId, CountyId, PersonId, Quarter
from scoring.ledger.domain.accounts import Frozen, News
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Exemption
from scoring.periods.domain import Period, State
from scoring.recount.domain.counting import EPOCH
from scoring.rulebooks.domain import APPRAISED, DEDUCTED, Shape

COUNTY, PERSON, POINTS = topics.COUNTY.name, topics.PERSON.name, topics.POINTS.name
OF_COUNTY = (topics.RULEBOOK.name, topics.PERIOD.name)
"""What concerns everybody, by its topics."""
OF_PEOPLE = (topics.MEMBERSHIP.name, topics.PARTICIPATION.name, topics.APPRAISAL.name)
"""What is told of one person, keyed by person."""
JUDGED_TOPIC = topics.APPRAISAL.name
OWN = (*OF_COUNTY, JUDGED_TOPIC)
"""Ours: written in the transaction of the change, relayed afterwards."""


@dataclass(frozen=True, slots=True)
class BookTold:
    version: int
    id: BookId
    document: str


@dataclass(frozen=True, slots=True)
class PeriodTold:
    version: int
    period: Period


@dataclass(frozen=True, slots=True)
class Heard:
    """News of one person, under the words that registry's readers use, too. None: nothing that points depend on."""

    county: CountyId
    person: PersonId
    news: News | None


@dataclass(frozen=True, slots=True)
class PublishedTold:
    """What closes have published of one person, as the account's version has it."""

    version: int
    person: PersonId
    frozen: tuple[Frozen, ...]


def book(told: Envelope) -> BookTold:
    return BookTold(told.aggregateversion, BookId(told.subject), json.dumps(read(RulebookV1, told).book))


def period(told: Envelope) -> PeriodTold:
    state = read(PeriodV1, told)
    opened = Period(
        Quarter(state.period), BookId(state.book), state.starts_on, state.ends_on, EPOCH, State(state.state)
    )
    return PeriodTold(told.aggregateversion, opened)


def judged(told: Envelope) -> Heard:
    """Read what people judged. An objection moves no points: its correction, if any, is an event of its own."""
    kind, _, _ = told.type.partition(".")
    person = PersonId(told.subject.split("/")[0])
    news = _READERS[kind](told, person) if kind in _READERS else None
    return Heard(CountyId(told.county), person, news)


def _appraisal(told: Envelope, person: PersonId) -> Fact:
    state = read(AppraisalV1, told)
    shape = Shape(APPRAISED, state.item, None, "", state.grade)
    return Fact(person, told.subject, told.aggregateversion, shape, state.day, state.state == "withdrawn")


def _deduction(told: Envelope, person: PersonId) -> Fact:
    state = read(DeductionV1, told)
    shape = Shape(DEDUCTED, state.item, None, "")
    occurrence = state.source.partition("/")[0] if state.source else ""
    return Fact(person, told.subject, told.aggregateversion, shape, state.day, state.state == "withdrawn", occurrence)


def _exemption(told: Envelope, person: PersonId) -> Exemption:
    state = read(ExemptionV1, told)
    id_ = told.subject.removeprefix(f"{person}/")
    return Exemption(id_, told.aggregateversion, state.since, state.until, state.state == "withdrawn")


_READERS: Mapping[str, Callable[[Envelope, PersonId], News]] = {
    "appraisal": _appraisal,
    "deduction": _deduction,
    "exemption": _exemption,
}


def published(told: Envelope) -> PublishedTold:
    state = read(PointsV1, told)
    frozen = (
        Frozen(Quarter(each.period), each.published_tenths, _quarters(each.adjustments), each.grade)
        for each in state.closed
        if not each.came_late
    )
    return PublishedTold(told.aggregateversion, PersonId(state.person), tuple(frozen))


def _quarters(tenths: dict[str, int]) -> dict[Quarter, int]:
    return {Quarter(code): value for code, value in tenths.items()}


BOOKS: Source[BookTold] = source(topics.RULEBOOK, book)
PERIODS: Source[PeriodTold] = source(topics.PERIOD, period)
JUDGED: Source[Heard] = source(topics.APPRAISAL, judged)
PUBLISHED: Source[PublishedTold] = source(topics.POINTS, published)
