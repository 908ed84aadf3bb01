import asyncio
from datetime import UTC, date, datetime

import pytest

from registry.access import Forbidden
from registry.activities.domain import AttendanceRefused, Outcome
from registry.activities.handlers import RecordAttendance, record_attendance
from registry.departures.domain import AttendedLater
from registry.departures.handlers import RecordDeath, record_death
from registry.ids import ActivityId, PersonId
from registry.memberships import handlers as memberships
from registry.memberships.domain import Kind
from registry.memberships.handlers import Join
from registry.organisations.domain import Kind as OrganisationKind
from registry.people.domain import AlreadyDied, DateInFuture, Status, UnknownPerson
from support.books import FOUNDED, NOW, Books, new_id

DIED, DAY = date(2022, 3, 10), date(2022, 3, 15)


async def die(books: Books, person: PersonId, on: date = DIED) -> None:
    async with books.work() as work:
        await record_death(work, RecordDeath(person, on), books.desk)


async def held(books: Books, outcome: Outcome, day: date = DAY) -> tuple[ActivityId, PersonId]:
    branch = await books.found()
    person, _ = await books.members(branch, 2)
    activity = await books.plan(branch, day=day)
    await books.record(activity, outcome, person)
    await books.close(activity)
    return activity, person


async def all_missed(books: Books, activity: ActivityId) -> None:
    async with books.work() as work:
        await record_attendance(work, RecordAttendance(activity, (), rest_missed="paper"), books.desk)


async def test_a_death_is_the_persons_next_version(books: Books) -> None:
    (person,) = await books.people(1)
    await die(books, person)
    (event,) = await books.told("registry.person", person)
    assert (event.type, event.aggregateversion) == ("person.died.v1", 2)
    assert (event.data["status"], event.data["status_since"]) == ("died", "2022-03-10")


async def test_a_death_before_something_attended_is_refused_with_the_list(books: Books) -> None:
    activity, person = await held(books, Outcome.ATTENDED)
    with pytest.raises(AttendedLater, match="2022-03-15") as caught:
        await die(books, person)
    assert [error["activity"] for error in caught.value.errors] == [activity]
    assert await books.told("registry.person", person) == []


async def test_what_an_open_activity_says_counts_too(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    await books.record(await books.plan(branch), Outcome.ATTENDED, person)
    with pytest.raises(AttendedLater):
        await die(books, person)


async def test_one_may_die_on_the_day_of_an_activity(books: Books) -> None:
    _, person = await held(books, Outcome.ATTENDED)
    await die(books, person, on=DAY)
    assert len(await books.told("registry.person", person)) == 1


@pytest.mark.parametrize("outcome", [Outcome.EXCUSED, Outcome.MISSED])
async def test_absences_after_the_death_are_withdrawn_and_counted_off(books: Books, outcome: Outcome) -> None:
    activity, person = await held(books, outcome)
    await die(books, person)
    event = (await books.told("registry.participation", f"{activity}/{person}"))[-1]
    assert (event.type, event.aggregateversion) == ("attendance.withdrawn.v1", 2)
    corrected = (await books.told("registry.activity", activity))[-1]
    assert (corrected.type, corrected.data["due"], corrected.data[outcome.value]) == ("activity.corrected.v1", 1, 0)


async def test_an_absence_before_the_death_stays(books: Books) -> None:
    activity, person = await held(books, Outcome.MISSED, day=date(2022, 3, 9))
    await die(books, person)
    assert len(await books.told("registry.participation", f"{activity}/{person}")) == 1


async def test_every_membership_ends_with_the_day_of_death_as_one_version(books: Books) -> None:
    branch = await books.found()
    temporary = await books.found(OrganisationKind.TEMPORARY, branch)
    (person,) = await books.members(branch, 1)
    async with books.work() as work:
        await memberships.join(work, Join(person, temporary.id, Kind.FURTHER, FOUNDED), books.desk)
    await die(books, person)
    event = (await books.told("registry.membership", person))[-1]
    assert (event.type, event.aggregateversion) == ("membership.ended.v1", 3)
    assert [one["until"] for one in event.data["memberships"]] == ["2022-03-11"] * 2  # type: ignore[index,union-attr,call-overload]


@pytest.mark.parametrize(("died_on", "time"), [(DIED, datetime(2022, 3, 10, 16, tzinfo=UTC)), (date(2022, 9, 30), NOW)])
async def test_memberships_end_when_the_day_of_death_does_or_now(books: Books, died_on: date, time: datetime) -> None:
    (person,) = await books.members(await books.found(), 1)
    await die(books, person, on=died_on)
    assert (await books.told("registry.membership", person))[-1].time == time


async def test_after_a_death_an_attendance_is_refused_with_the_list(books: Books) -> None:
    branch = await books.found()
    person, other = await books.members(branch, 2)
    await die(books, person)
    with pytest.raises(AttendanceRefused) as caught:
        await books.record(await books.plan(branch), Outcome.ATTENDED, other, person)
    assert [error["field"] for error in caught.value.errors] == ["entries.1.person"]


async def test_a_late_entry_for_a_day_before_the_death_is_taken(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    await die(books, person)
    activity = await books.plan(branch, day=date(2022, 3, 9))
    await books.record(activity, Outcome.ATTENDED, person)


async def test_a_death_in_the_future_is_refused(books: Books) -> None:
    (person,) = await books.people(1)
    with pytest.raises(DateInFuture):
        await die(books, person, on=date(2022, 10, 1))


async def test_nobody_dies_twice(books: Books) -> None:
    (person,) = await books.people(1)
    await die(books, person)
    with pytest.raises(AlreadyDied):
        await die(books, person)


async def test_an_unknown_person_is_refused(books: Books) -> None:
    with pytest.raises(UnknownPerson):
        await die(books, PersonId(new_id()))


async def test_a_recorder_records_no_death(books: Books) -> None:
    (person,) = await books.people(1)
    with pytest.raises(Forbidden):
        async with books.work() as work:
            await record_death(work, RecordDeath(person, DIED), books.principal("recorder"))


@pytest.mark.parametrize("round_", range(5))
async def test_a_death_and_an_attendance_at_the_same_time_cannot_both_hold(books: Books, round_: int) -> None:
    branch = await books.found()
    person, *others = await books.members(branch, 20)
    activity = await books.plan(branch)
    attendance = books.record(activity, Outcome.ATTENDED, *others, person)
    pair = (attendance, die(books, person)) if round_ % 2 else (die(books, person), attendance)
    outcomes = await asyncio.gather(*pair, return_exceptions=True)
    refused = [type(outcome) for outcome in outcomes if outcome is not None]
    async with books.work() as work:
        dead = (await work.people.lock(person)).status is Status.DIED
        recorded = person in (await work.activities.peek(activity)).lines
    assert dead != recorded
    assert refused == [AttendanceRefused if dead else AttendedLater]


async def test_a_death_waits_for_a_list_that_was_begun(books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    async with books.work() as work:
        await work.people.share([person])
        death = asyncio.create_task(die(books, person))
        await books.wait_for_a_lock()
        assert not death.done()
    await death
    with pytest.raises(AttendanceRefused):
        await books.record(activity, Outcome.ATTENDED, person)


async def test_a_list_that_waited_for_a_death_does_not_miss_the_dead(books: Books) -> None:
    branch = await books.found()
    dead, alive = await books.members(branch, 2)
    activity = await books.plan(branch)
    async with books.work() as work:
        await record_death(work, RecordDeath(dead, DIED), books.desk)
        waiting = asyncio.create_task(all_missed(books, activity))
        await books.wait_for_a_lock()
    await waiting
    async with books.work() as work:
        assert set((await work.activities.peek(activity)).lines) == {alive}


async def test_a_death_while_the_activity_is_closed_misses_no_version(books: Books) -> None:
    branch = await books.found()
    person, _ = await books.members(branch, 2)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.MISSED, person)
    await asyncio.gather(books.close(activity), die(books, person))
    told = await books.told("registry.participation", f"{activity}/{person}")
    assert [event.aggregateversion for event in told] in ([], [1, 2])
    async with books.work() as work:
        assert (await work.activities.peek(activity)).lines[person].entry.outcome is Outcome.WITHDRAWN
