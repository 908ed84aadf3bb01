"""Whoever was transferred, had left or lived elsewhere by then has not missed what was held there."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from registry.activities.domain import AttendanceRefused, Outcome
from registry.activities.handlers import RecordAttendance, record_attendance
from registry.departures import handlers
from registry.ids import ActivityId, OrganisationId, PersonId
from registry.memberships import handlers as memberships
from registry.memberships.domain import Kind, Seat
from registry.memberships.handlers import Join, Leave, Transfer
from registry.organisations.domain import Kind as OrganisationKind
from support.books import FOUNDED, Books

BEFORE, DAY = date(2022, 3, 10), date(2022, 3, 15)
Departure = Callable[[Books, PersonId, OrganisationId], Awaitable[None]]


async def transferred(books: Books, person: PersonId, _: OrganisationId, on: date = BEFORE) -> None:
    west = await books.found()
    async with books.work() as work:
        await handlers.transfer(work, Transfer(person, west.id, on), books.desk)


async def left(books: Books, person: PersonId, branch: OrganisationId) -> None:
    async with books.work() as work:
        await handlers.leave(work, Leave(person, branch, BEFORE), books.desk)


async def moved(books: Books, person: PersonId, on: date, *, back: bool = False) -> None:
    async with books.work() as work:
        await handlers.move(work, person, on, books.desk, back=back)


async def lived_elsewhere(books: Books, person: PersonId, _: OrganisationId) -> None:
    await moved(books, person, BEFORE)


async def missed(books: Books, activity: ActivityId) -> set[PersonId]:
    """Whom the recorder's word makes miss it."""
    async with books.work() as work:
        await record_attendance(work, RecordAttendance(activity, (), rest_missed="paper"), books.desk)
    return await standing(books, activity)


async def standing(books: Books, activity: ActivityId) -> set[PersonId]:
    async with books.work() as work:
        lines = (await work.activities.peek(activity)).lines
    return {person for person, line in lines.items() if line.entry.outcome is not Outcome.WITHDRAWN}


async def told(books: Books, activity: ActivityId, person: PersonId) -> list[tuple[str, int]]:
    events = await books.told("registry.participation", f"{activity}/{person}")
    return [(event.type, event.aggregateversion) for event in events]


@pytest.mark.parametrize("departure", [transferred, left, lived_elsewhere])
@pytest.mark.parametrize("outcome", [Outcome.MISSED, Outcome.EXCUSED])
async def test_an_absence_is_taken_back_from_who_had_gone_by_then(
    books: Books, departure: Departure, outcome: Outcome
) -> None:
    branch = await books.found()
    person, _ = await books.members(branch, 2)
    activity = await books.plan(branch)
    await books.record(activity, outcome, person)
    await books.close(activity)
    await departure(books, person, branch.id)
    assert await told(books, activity, person) == [
        (f"activity.{outcome.value}.v1", 1),
        ("attendance.withdrawn.v1", 2),
    ]
    corrected = (await books.told("registry.activity", activity))[-1]
    assert (corrected.aggregateversion, corrected.data["due"], corrected.data[outcome.value]) == (2, 1, 0)


async def test_a_membership_entered_by_mistake_is_told_as_never_having_been(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.MISSED, person)
    async with books.work() as work:
        await handlers.leave(work, Leave(person, branch.id, FOUNDED), books.desk)
    event = (await books.told("registry.membership", person))[-1]
    assert (event.type, event.aggregateversion, event.data) == ("membership.ended.v1", 2, {"memberships": []})
    assert await standing(books, activity) == set()


async def test_what_was_attended_as_a_guest_stays(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.ATTENDED, person)
    await books.close(activity)
    await transferred(books, person, branch.id)
    assert await told(books, activity, person) == [("activity.attended.v1", 1)]


async def test_an_absence_before_the_transfer_stays(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.MISSED, person)
    await transferred(books, person, branch.id, on=date(2022, 3, 16))
    assert await standing(books, activity) == {person}


async def test_an_absence_stays_if_another_host_was_due_to_see_the_person(books: Books) -> None:
    branch = await books.found()
    temporary = await books.found(OrganisationKind.TEMPORARY, branch)
    (person,) = await books.members(branch, 1)
    async with books.work() as work:
        await memberships.join(work, Join(person, temporary.id, Kind.FURTHER, FOUNDED), books.desk)
    activity = await books.plan(branch, temporary)
    await books.record(activity, Outcome.MISSED, person)
    await transferred(books, person, branch.id)
    assert await standing(books, activity) == {person}


async def test_of_an_open_activity_it_is_taken_back_and_never_told(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.MISSED, person)
    await transferred(books, person, branch.id)
    await books.close(activity)
    assert await told(books, activity, person) == []


async def test_whoever_gave_the_seat_up_has_not_missed_the_committee(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    async with books.work() as work:
        await memberships.take_seat(work, Seat(branch.id, person, FOUNDED), books.desk)
    activity = await books.plan(branch, kind="committee-meeting")
    await books.record(activity, Outcome.MISSED, person)
    async with books.work() as work:
        await handlers.leave_seat(work, Leave(person, branch.id, BEFORE), books.desk)
    assert await standing(books, activity) == set()


async def test_a_list_that_waited_for_a_transfer_does_not_miss_who_is_gone(books: Books) -> None:
    branch, west = await books.found(), await books.found()
    gone, stayed = await books.members(branch, 2)
    activity = await books.plan(branch)
    async with books.work() as work:
        await handlers.transfer(work, Transfer(gone, west.id, BEFORE), books.desk)
        waiting = asyncio.create_task(missed(books, activity))
        await books.wait_for_a_lock()
    assert await waiting == {stayed}


async def test_whoever_lived_elsewhere_on_the_day_is_not_due(books: Books) -> None:
    branch = await books.found()
    away, here = await books.members(branch, 2)
    await moved(books, away, DAY)
    activity = await books.plan(branch)
    assert await missed(books, activity) == {here}
    await books.close(activity)
    assert (await books.told("registry.activity", activity))[-1].data["due"] == 1
    with pytest.raises(AttendanceRefused):
        await books.record(activity, Outcome.EXCUSED, away)


async def test_whoever_left_later_or_was_back_by_then_is_due(books: Books) -> None:
    branch = await books.found()
    later, back = await books.members(branch, 2)
    await moved(books, later, date(2022, 3, 16))
    await moved(books, back, BEFORE)
    await moved(books, back, DAY, back=True)
    assert await missed(books, await books.plan(branch)) == {later, back}
