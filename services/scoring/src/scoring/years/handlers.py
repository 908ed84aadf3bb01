"""Evaluating a year, and who may read of it."""

from dataclasses import dataclass
from datetime import date

from kit.tokens import Principal
from scoring.access import Reach, Resource, reach_of, require
from scoring.branches import handlers as branches
from scoring.ids import PersonId
from scoring.ledger import handlers as ledger
from scoring.notices import handlers as notices
from scoring.notices.domain import Sight, terms_of
from scoring.notices.handlers import Publication
from scoring.work import Work
from scoring.years import domain, events
from scoring.years.domain import Year


@dataclass(frozen=True, slots=True)
class EvaluateYear:
    year: int
    published_on: date  # the day on the notices


async def evaluate_year(work: Work, command: EvaluateYear, by: Principal) -> Year:
    """Take the year's quarters together, grade everybody, and publish one notice per branch.

    Raises Forbidden, AlreadyEvaluated, LastQuarterMissing, NotAllFinal, NoYearRule, NoticeInsidePeriod,
    NoticeInFuture, NoCalendar.
    """
    require(by, "year.evaluate", Resource(work.county))
    await work.periods.lock(work.county)
    rules = await work.periods.rules(work.county)
    evaluated = await is_evaluated(work, command.year)
    last, book, rule = domain.ready(command.year, rules.periods, evaluated=evaluated)
    codes = domain.quarters_of(command.year, rules.periods)
    released = [each async for each in ledger.released(work, codes, last.ends_on) if not each.ended]
    evaluations = domain.evaluate(command.year, released, rule)
    told = Publication(str(command.year), last.ends_on, command.published_on, terms_of(book))
    window = await notices.publish(work, told, [each.result for each in evaluations], by)
    year = Year(command.year, last.book, window, tuple(evaluations))
    await work.years.add(work.county, year, by.user, work.now)
    cause = work.asked_by(by)
    await work.outbox.add(events.evaluated(work, cause, year))
    return year


async def is_evaluated(work: Work, year: int) -> bool:
    return await work.years.is_evaluated(work.county, year)


async def sight(work: Work, by: Principal) -> Sight:
    """Say whose year the asker may see: a member the own, a recorder the own branches, too. Raises Forbidden."""
    match reach_of(by, "year.read"):
        case Reach.SUBTREE:
            below = await branches.below(work, by.organisations, work.today)
            return Sight(branches=frozenset(below), people=await _own(work, by))
        case Reach.OWN if by.person:
            return Sight(people=await _own(work, by))
    require(by, "year.read", Resource(work.county))
    return Sight(everything=True)


async def _own(work: Work, by: Principal) -> frozenset[PersonId]:
    return await notices.own(work, PersonId(by.person)) if by.person else frozenset()
