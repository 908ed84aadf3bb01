"""A quarter's steps, each one decided by a person: close, notice, final, open again. Above everything they touch.

The county's row is held FOR UPDATE throughout, so that no batch folds while a quarter turns.
"""

from dataclasses import dataclass
from datetime import date

from kit.tokens import Principal
from scoring.access import Resource, require
from scoring.closing import domain, events
from scoring.closing.domain import Closed, Course, Figures, Waiting
from scoring.ids import Quarter
from scoring.judgements import handlers as judgements
from scoring.ledger import handlers as ledger
from scoring.notices import handlers as notices
from scoring.notices.domain import Result, terms_of
from scoring.notices.handlers import Publication
from scoring.objections import handlers as objections
from scoring.periods.domain import PeriodNotFound, State
from scoring.rulebooks import handlers as rulebooks
from scoring.work import Work
from scoring.years import handlers as years

Courses = dict[Quarter, Course]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a close would publish now, or did publish; and everything that forbids it."""

    course: Course
    figures: Figures
    waiting: Waiting
    hindrances: tuple[str, ...]


async def close(work: Work, period: Quarter, by: Principal) -> Course:
    """Freeze what everybody has come to and tell the counts.

    Raises Forbidden, PeriodNotFound and every hindrance.
    """
    require(by, "period.close", Resource(work.county))
    course, county = await _held(work, period)
    waiting = await _waiting(work, period, domain.figures(await _results(work, course)))
    domain.require_closable(course, county.values(), waiting, work.today)
    cause = work.asked_by(by)
    frozen = await ledger.freeze(work, period, cause)
    closed = domain.close(course, Closed(work.now, by.user, frozen.people, frozen.total_tenths))
    await work.courses.save(work.county, closed)
    await work.outbox.add(events.closed(work, cause, closed))
    return closed


async def publish_notices(work: Work, period: Quarter, published_on: date, by: Principal) -> Course:
    """Tell every branch what its people came to.

    Raises Forbidden, PeriodNotFound, NotClosed, AlreadyNoticed, NoticeInsidePeriod, NoticeInFuture, NoCalendar,
    TooManyPeople.
    """
    require(by, "period.notice", Resource(work.county))
    course, _ = await _held(work, period)
    domain.require_unnoticed(course)
    book = await rulebooks.held_book(work, course.book)
    told = Publication(period, course.ends_on, published_on, terms_of(book))
    results = await notices.published(work, period, course.ends_on, ended=False)
    window = await notices.publish(work, told, results, by)
    noticed = domain.notice(course, window.published_on, window.objections_until)
    await work.courses.save(work.county, noticed)
    await work.outbox.add(events.noticed(work, work.asked_by(by), noticed))
    return noticed


async def finalise(work: Work, period: Quarter, by: Principal) -> Course:
    """Raises Forbidden, PeriodNotFound, NotClosed, AlreadyFinal, NotNoticed, WindowOpen, ObjectionsOpen."""
    require(by, "period.finalise", Resource(work.county))
    course, _ = await _held(work, period)
    final = domain.finalise(course, await objections.open_objections(work, period), work.today, work.now)
    await work.courses.save(work.county, final)
    await work.outbox.add(events.finalised(work, work.asked_by(by), final))
    return final


async def reopen(work: Work, period: Quarter, by: Principal) -> Course:
    """Let a quarter count again, under a book that settles so what comes late. Its notices are withdrawn.

    Raises Forbidden, PeriodNotFound, NotClosed, ReopeningNotAgreed, LaterOneClosed, YearEvaluated.
    """
    require(by, "period.reopen", Resource(work.county))
    course, county = await _held(work, period)
    book = await rulebooks.held_book(work, course.book)
    evaluated = await years.is_evaluated(work, course.starts_on.year)
    opened = domain.reopen(course, county.values(), agreed=book.late == "reopen", evaluated=evaluated)
    await notices.withdraw(work, period, by)
    cause = work.asked_by(by)
    await ledger.thaw(work, period, cause)
    await work.courses.save(work.county, opened)
    await work.outbox.add(events.reopened(work, cause, opened))
    return opened


async def preview(work: Work, period: Quarter, by: Principal) -> Preview:
    """Show what a close would publish now and what forbids it. Raises Forbidden, PeriodNotFound."""
    require(by, "period.preview", Resource(work.county))
    county = await work.courses.all(work.county)
    course = _one(county, period)
    figures = domain.figures(await _results(work, course))
    waiting = await _waiting(work, period, figures)
    forbids = tuple(str(each) for each in domain.hindrances(course, county.values(), waiting, work.today))
    return Preview(course, figures, waiting, forbids)


async def _held(work: Work, period: Quarter) -> tuple[Course, Courses]:
    await work.periods.lock(work.county)
    county = await work.courses.all(work.county)
    return _one(county, period), county


def _one(county: Courses, period: Quarter) -> Course:
    if period not in county:
        raise PeriodNotFound(period)
    return county[period]


async def _waiting(work: Work, period: Quarter, figures: Figures) -> Waiting:
    pending, proposals = await ledger.pending(work), await judgements.open_proposals(work, period)
    return Waiting(pending, proposals, domain.crowded(figures))


async def _results(work: Work, course: Course) -> list[Result]:
    """What a close would publish now; of a closed quarter what it did publish, also for entries merged since."""
    if course.state is State.OPEN:
        return await work.courses.expected(work.county, course)
    return await notices.published(work, course.code, course.ends_on, ended=True)
