"""Activities from plan to correction: what is counted, charged to whom, and told."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from registry.activities import domain, handlers
from registry.activities.domain import Entry
from registry.activities.handlers import RecordAttendance
from registry.memberships import handlers as memberships
from registry.memberships.domain import Seat
from registry.organisations.domain import Kind
from services.registry.activities.recorder import (
    ATTENDED,
    EXCUSED,
    MISSED,
    WITHDRAWN,
    correct,
    enter,
    lines,
    of_person,
    revision,
)
from support.books import Books


async def test_closing_tells_the_activity_once_and_each_person(books: Books) -> None:
    branch = await books.found()
    li, wang, chen, _ = await books.members(branch, 4)
    activity = await books.plan(branch)
    await books.record(activity, ATTENDED, li)
    await books.record(activity, EXCUSED, wang)
    await books.record(activity, MISSED, chen)
    assert await books.told("registry.participation") == []
    await books.close(activity)
    (event,) = await books.told("registry.activity")
    assert (event.type, event.aggregateversion) == ("activity.held.v1", 1)
    assert {name: event.data[name] for name in ("due", "attended", "excused", "missed")} == {
        "due": 4,
        "attended": 1,
        "excused": 1,
        "missed": 1,
    }
    told = [(e.type, e.subject, e.aggregateversion) for e in await books.told("registry.participation")]
    assert sorted(told) == [
        ("activity.attended.v1", f"{activity}/{li}", 1),
        ("activity.excused.v1", f"{activity}/{wang}", 1),
        ("activity.missed.v1", f"{activity}/{chen}", 1),
    ]


async def test_a_participation_carries_the_activity_and_happened_when_it_began(books: Books) -> None:
    branch = await books.found()
    (li,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    await books.record(activity, ATTENDED, li)
    await books.close(activity)
    (event,) = await books.told("registry.participation")
    assert event.time == datetime(2022, 3, 15, 1, tzinfo=UTC)
    assert event.data == {
        "activity": activity,
        "person": li,
        "outcome": "attended",
        "kind": "party-day",
        "theme": None,
        "mode": "assembled",
        "hosts": [branch.id],
        "starts": "2022-03-15T01:00:00Z",
        "ends": "2022-03-15T03:00:00Z",
    }


async def test_a_proxys_entry_says_on_whose_behalf(books: Books) -> None:
    branch = await books.found()
    (li,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    await enter(books, activity, Entry(li, ATTENDED, "proxy"))
    await books.close(activity)
    (event,) = await books.told("registry.participation")
    assert (event.origin, event.onbehalfof) == ("proxy", li)


async def test_corrections_late_entries_and_withdrawals_count_on_without_gaps(books: Books) -> None:
    branch = await books.found()
    li, wang, chen = await books.members(branch, 3)
    activity = await books.plan(branch)
    await books.record(activity, ATTENDED, li, wang)
    await books.close(activity)
    await books.record(activity, MISSED, li)
    await books.record(activity, WITHDRAWN, wang)
    await books.record(activity, ATTENDED, chen)
    await books.record(activity, ATTENDED, wang)
    assert await of_person(books, activity, li) == [("activity.attended.v1", 1), ("activity.missed.v1", 2)]
    assert await of_person(books, activity, chen) == [("activity.attended.v1", 1)]
    assert [version for _, version in await of_person(books, activity, wang)] == [1, 2, 3]
    assert [event.aggregateversion for event in await books.told("registry.activity")] == [1, 2, 3, 4, 5]


async def test_the_same_list_twice_tells_nothing(books: Books) -> None:
    branch = await books.found()
    (li,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    await books.record(activity, ATTENDED, li)
    await books.close(activity)
    before = len(await books.told("registry.participation")), await revision(books, activity)
    await books.record(activity, ATTENDED, li)
    assert (len(await books.told("registry.participation")), await revision(books, activity)) == before


async def test_correcting_a_closed_activity_tells_it_and_each_participation_anew(books: Books) -> None:
    branch = await books.found()
    li, wang = await books.members(branch, 2)
    activity = await books.plan(branch)
    await books.record(activity, ATTENDED, li, wang)
    await books.close(activity)
    starts = datetime(2022, 3, 31, 1, tzinfo=UTC)
    await correct(books, activity, await revision(books, activity), starts=starts, ends=starts.replace(hour=3))
    event = (await books.told("registry.activity"))[-1]
    assert (event.type, event.aggregateversion, event.time) == ("activity.corrected.v1", 2, starts)
    assert [event.time for event in (await books.told("registry.participation"))[2:]] == [starts, starts]
    assert await lines(books, activity) == {li: ("attended", 2), wang: ("attended", 2)}


async def test_correcting_the_hosts_withdraws_absences_of_who_was_not_due_there(books: Books) -> None:
    east, west = await books.found(), await books.found()
    (li,), (wang,) = await books.members(east, 1), await books.members(west, 1)
    activity = await books.plan(east)
    await books.record(activity, MISSED, li)
    await books.close(activity)
    await correct(books, activity, await revision(books, activity), hosts=(west.id,))
    assert await lines(books, activity) == {li: ("withdrawn", 2)}
    await books.record(activity, MISSED, wang)


async def test_a_group_meeting_is_held_by_groups_and_due_to_their_members(books: Books) -> None:
    branch = await books.found()
    group = await books.found(Kind.GROUP, branch)
    (member,), (other,) = await books.members(group, 1), await books.members(branch, 1)
    with pytest.raises(domain.WrongHosts, match="党小组"):
        await books.plan(branch, kind="group-meeting")
    activity = await books.plan(group, kind="group-meeting")
    await books.record(activity, MISSED, member)
    with pytest.raises(domain.AttendanceRefused):
        await books.record(activity, MISSED, other)


async def test_an_absence_from_the_committee_is_charged_to_its_members_only(books: Books) -> None:
    branch = await books.found()
    seated, plain = await books.members(branch, 2)
    async with books.work() as work:
        await memberships.take_seat(work, Seat(branch.id, seated, date(2022, 1, 1)), books.desk)
    activity = await books.plan(branch, kind="committee-meeting")
    await books.record(activity, MISSED, seated)
    with pytest.raises(domain.AttendanceRefused):
        await books.record(activity, MISSED, plain)


async def test_nobody_misses_what_nobody_was_due_at(books: Books) -> None:
    branch = await books.found()
    (member,) = await books.members(branch, 1)
    activity = await books.plan(branch, kind="volunteering")
    await books.record(activity, ATTENDED, member)
    with pytest.raises(domain.AttendanceRefused):
        await books.record(activity, MISSED, member)


async def test_at_the_recorders_word_the_rest_has_missed_it(books: Books) -> None:
    branch = await books.found()
    li, wang, chen = await books.members(branch, 3)
    activity = await books.plan(branch)
    await books.record(activity, EXCUSED, wang)
    async with books.work() as work:
        command = RecordAttendance(activity, (Entry(li, ATTENDED, "paper"),), rest_missed="paper")
        await handlers.record_attendance(work, command, books.desk)
    assert await lines(books, activity) == {li: ("attended", 0), wang: ("excused", 0), chen: ("missed", 0)}


async def test_two_lists_at_once_are_counted_one_after_the_other(books: Books) -> None:
    branch = await books.found()
    li, wang = await books.members(branch, 2)
    activity = await books.plan(branch)
    await books.close(activity)
    async with books.work() as work:
        command = RecordAttendance(activity, (Entry(li, ATTENDED, "desk"),))
        await handlers.record_attendance(work, command, books.desk)
        second = asyncio.create_task(books.record(activity, ATTENDED, wang))
        await books.wait_for_a_lock()
    await second
    told = await books.told("registry.activity")
    assert [(event.aggregateversion, event.data["attended"]) for event in told] == [(1, 0), (2, 1), (3, 2)]
