"""What becomes of a quarter: open, closed, noticed, final. A person decides each step, never a timer.

Quarters close strictly in order, because what one published is what the next builds on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scoring.closing.domain.figures import Sum
from scoring.closing.domain.refusals import (
    AlreadyClosed,
    AlreadyFinal,
    AlreadyNoticed,
    EarlierOneOpen,
    LaterOneClosed,
    NotClosed,
    NotNoticed,
    NotOver,
    ObjectionsOpen,
    ProposalsOpen,
    QuarterSkipped,
    ReopeningNotAgreed,
    StillPending,
    WindowOpen,
    YearEvaluated,
)
from scoring.ids import BookId, Quarter
from scoring.notices.domain import TooManyPeople
from scoring.periods.domain import State, quarter_of


@dataclass(frozen=True, slots=True)
class Closed:
    """The close that stands: when, by whom, and what it came to."""

    at: datetime
    by: str
    people: int
    total: int


@dataclass(frozen=True, slots=True)
class Course:
    """A quarter on its way. `revision` counts the events that told of it."""

    code: Quarter
    book: BookId
    starts_on: date
    ends_on: date
    state: State = State.OPEN
    revision: int = 1
    closed: Closed | None = None
    published_on: date | None = None
    objections_until: date | None = None
    finalised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a close waits for: accounts that an opening has not reached, proposals that nobody has decided on.

    And that a notice could hold every branch.
    """

    accounts: int
    proposals: int
    crowded: Sum | None = None


def require_closable(course: Course, county: Iterable[Course], waiting: Waiting, today: date) -> None:
    """Raises AlreadyClosed, EarlierOneOpen, QuarterSkipped, NotOver, StillPending, ProposalsOpen, TooManyPeople."""
    if found := hindrances(course, county, waiting, today):
        raise found[0]


def hindrances(course: Course, county: Iterable[Course], waiting: Waiting, today: date) -> list[Exception]:
    """Everything for which the quarter cannot be closed today."""
    if course.state is not State.OPEN:
        return [AlreadyClosed(course.code)]
    before = [each for each in county if each.code < course.code]
    earlier = [each.code for each in before if each.state is State.OPEN]
    skipped = _skipped(course, before)
    found = [
        (bool(earlier), EarlierOneOpen(course.code, min(earlier, default=""))),
        (skipped is not None, QuarterSkipped(course.code, skipped or "")),
        (today <= course.ends_on, NotOver(course.code, course.ends_on)),
        (waiting.accounts > 0, StillPending(course.code, waiting.accounts)),
        (waiting.proposals > 0, ProposalsOpen(course.code, waiting.proposals)),
    ]
    crowd = waiting.crowded
    full = [TooManyPeople(crowd.branch, crowd.people)] if crowd and crowd.branch else []
    return [*(refusal for stands, refusal in found if stands), *full]


def _skipped(course: Course, before: Iterable[Course]) -> Quarter | None:
    """Name the quarter after the one that was opened last before this, if it was not opened, too."""
    last = max((each.ends_on for each in before), default=None)
    after = course.code if last is None else quarter_of(last + timedelta(days=1))
    return None if after == course.code else after


def close(course: Course, closed: Closed) -> Course:
    return replace(course, state=State.CLOSED, revision=course.revision + 1, closed=closed)


def require_unnoticed(course: Course) -> None:
    """Raises NotClosed, AlreadyNoticed."""
    if course.state is State.OPEN:
        raise NotClosed(course.code)
    if course.published_on is not None:
        raise AlreadyNoticed(course.code, course.published_on)


def notice(course: Course, published_on: date, objections_until: date) -> Course:
    revision = course.revision + 1
    return replace(course, revision=revision, published_on=published_on, objections_until=objections_until)


def finalise(course: Course, objections: int, today: date, now: datetime) -> Course:
    """Raises NotClosed, AlreadyFinal, NotNoticed, WindowOpen, ObjectionsOpen."""
    if course.state is State.OPEN:
        raise NotClosed(course.code)
    if course.state is State.FINAL:
        raise AlreadyFinal(course.code)
    if course.objections_until is None:
        raise NotNoticed(course.code)
    if today <= course.objections_until:
        raise WindowOpen(course.code, course.objections_until)
    if objections:
        raise ObjectionsOpen(course.code, objections)
    return replace(course, state=State.FINAL, revision=course.revision + 1, finalised_at=now)


def reopen(course: Course, county: Iterable[Course], *, agreed: bool, evaluated: bool) -> Course:
    """`agreed`: the book settles what comes late by re-opening; `evaluated`: the year is.

    Raises NotClosed, ReopeningNotAgreed, LaterOneClosed, YearEvaluated.
    """
    if course.state is State.OPEN:
        raise NotClosed(course.code)
    if not agreed:
        raise ReopeningNotAgreed(course.code)
    if later := [each.code for each in county if each.code > course.code and each.state is not State.OPEN]:
        raise LaterOneClosed(course.code, max(later))
    if evaluated:
        raise YearEvaluated(course.code)
    return Course(course.code, course.book, course.starts_on, course.ends_on, State.OPEN, course.revision + 1)
