"""docs/adr/0005: people by id, then activities by id, whoever locks them and in whatever order they were named."""

import re
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from registry.activities import handlers
from registry.activities.domain import Entry, Outcome
from registry.activities.handlers import CorrectActivity, RecordAttendance
from registry.departures.handlers import RecordDeath, record_death, transfer
from registry.ids import ActivityId, PersonId
from registry.memberships.handlers import Transfer
from registry.work import Work
from support.books import Books
from support.statements import said

LOCKS = re.compile(r"FROM (\w+) .*(ORDER BY \S+) FOR (SHARE|UPDATE|NO KEY UPDATE)")
PEOPLE, ACTIVITIES = ("people", "ORDER BY people.id"), ("activities", "ORDER BY id")
UseCase = Callable[[Work, Books, ActivityId, list[PersonId]], Awaitable[object]]


async def recording(work: Work, books: Books, activity: ActivityId, people: list[PersonId]) -> None:
    entries = tuple(Entry(person, Outcome.ATTENDED, "desk") for person in sorted(people, reverse=True))
    await handlers.record_attendance(work, RecordAttendance(activity, entries), books.desk)


async def correcting(work: Work, books: Books, activity: ActivityId, _: list[PersonId]) -> None:
    seen = (await work.activities.peek(activity)).activity.revision
    await handlers.correct_activity(work, CorrectActivity(activity, seen, {"theme": "loyalty"}), books.desk)


async def dying(work: Work, books: Books, _: ActivityId, people: list[PersonId]) -> None:
    await record_death(work, RecordDeath(people[0], date(2022, 3, 10)), books.desk)


async def leaving(work: Work, books: Books, _: ActivityId, people: list[PersonId]) -> None:
    west = await books.found()
    await transfer(work, Transfer(people[0], west.id, date(2022, 3, 10)), books.desk)


@pytest.mark.parametrize("use_case", [recording, correcting, dying, leaving])
async def test_people_are_locked_by_id_and_then_activities_by_id(books: Books, use_case: UseCase) -> None:
    branch = await books.found()
    people = await books.members(branch, 3)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.MISSED, *people)
    async with books.work() as work:
        with said(books.sessions) as statements:
            await use_case(work, books, activity, people)
    locks = [(found[1], found[2]) for statement in statements if (found := LOCKS.search(statement))]
    assert locks == [PEOPLE, ACTIVITIES]


async def test_nothing_is_locked_that_does_not_say_in_what_order(books: Books) -> None:
    branch = await books.found()
    people = await books.members(branch, 3)
    activity = await books.plan(branch)
    async with books.work() as work:
        with said(books.sessions) as statements:
            await recording(work, books, activity, people)
    asking = [one for one in statements if re.search(r"\bFOR (SHARE|UPDATE|NO KEY UPDATE)", one)]
    assert all(LOCKS.search(one) for one in asking)
    assert len(asking) == 2
