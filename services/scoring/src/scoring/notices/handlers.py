"""Publishing and withdrawing notices, and who may read them. Whether it is time is for the quarter or year to say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kit.tokens import Principal
from scoring.access import Reach, Resource, reach_of, require
from scoring.branches import handlers as branches
from scoring.ids import OrganisationId, PersonId, Quarter
from scoring.ledger import handlers as ledger
from scoring.notices import domain, events
from scoring.notices.domain import Result, Sight, Terms, Window
from scoring.work import Work
from scoring.workdays import is_workday


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be told: a quarter or a year with its last day, the day on the paper, and how the book wants it."""

    period: str
    ends_on: date
    published_on: date
    terms: Terms


async def published(work: Work, period: Quarter, day: date, *, ended: bool) -> list[Result]:
    """What a closed quarter published, with everybody's home branch of a day.

    `ended`: also for entries that were merged into another by now, as the close counted them.
    """
    return [domain.result(each) async for each in ledger.released(work, [period], day) if ended or not each.ended]


async def publish(work: Work, told: Publication, results: Iterable[Result], by: Principal) -> Window:
    """Publish one notice per branch. The county is held.

    Raises NoticeInsidePeriod, NoticeInFuture, NoCalendar, TooManyPeople.
    """
    domain.require_date(told.period, told.ends_on, told.published_on, work.today)
    window = domain.window(told.published_on, told.terms.window_days, is_workday)
    notices = domain.compose(told.period, results, window, told.terms, work.new_id)
    await work.notices.add(work.county, notices, by.user, work.now)
    cause = work.asked_by(by)
    await work.outbox.add(*(events.published(work, cause, notice) for notice in notices))
    return window


async def withdraw(work: Work, period: str, by: Principal) -> None:
    """Withdraw the notices of a quarter that counts again. The county is held."""
    notices = [domain.withdraw(notice) for notice in await work.notices.standing(work.county, period)]
    await work.notices.withdraw(work.county, notices, by.user, work.now)
    cause = work.asked_by(by)
    await work.outbox.add(*(events.withdrawn(work, cause, notice) for notice in notices))


async def sight(work: Work, by: Principal) -> Sight:
    """Say which notices the asker may read today: a member those of the own branch and those with the own name.

    Raises Forbidden.
    """
    match reach_of(by, "notice.read"):
        case Reach.SUBTREE:
            people = await _own(work, by)
            below = await branches.below(work, by.organisations, work.today)
            return Sight(branches=await _homes(work, people) | frozenset(below), people=people)
        case Reach.OWN if by.person:
            people = await _own(work, by)
            return Sight(branches=await _homes(work, people), people=people)
    require(by, "notice.read", Resource(work.county))
    return Sight(everything=True)


async def own(work: Work, person: PersonId) -> frozenset[PersonId]:
    """Name the entries that a person is told of under: the one that was signed in, and the one that goes on."""
    return frozenset({person, await ledger.resolve(work, person)})


async def _own(work: Work, by: Principal) -> frozenset[PersonId]:
    return await own(work, PersonId(by.person)) if by.person else frozenset()


async def _homes(work: Work, people: Iterable[PersonId]) -> frozenset[OrganisationId]:
    accounts = [await work.ledger.account(work.county, person) for person in people]
    homes = [account.belonging.home_on(work.today) for account in accounts if account and not account.life.merged_into]
    return frozenset(home for home in homes if home)
