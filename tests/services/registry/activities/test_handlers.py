import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kit.commands import StaleVersion
from kit.tokens import Principal
from registry.access import Forbidden
from registry.activities import domain, handlers
from registry.activities.domain import Activity, Entry, Outcome
from registry.activities.handlers import CorrectActivity, RecordAttendance
from registry.ids import ActivityId, OrganisationId, PersonId
from registry.memberships import handlers as memberships
from registry.memberships.domain import Seat
from registry.organisations.domain import Kind, UnknownOrganisation
from registry.taxonomies.domain import WrongCode
from support.books import Books, new_id, occasion

ATTENDED, EXCUSED, MISSED, WITHDRAWN = Outcome.ATTENDED, Outcome.EXCUSED, Outcome.MISSED, Outcome.WITHDRAWN


async def correct(books: Books, activity: ActivityId, seen: int, **changes: Any) -> Activity:
    async with books.work() as work:
        return await handlers.correct_activity(work, CorrectActivity(activity, seen, changes), books.desk)


async def enter(books: Books, activity: ActivityId, *entries: Entry, by: Principal | None = None) -> Activity:
    async with books.work() as work:
        return await handlers.record_attendance(work, RecordAttendance(activity, entries), by or books.desk)


async def revision(books: Books, activity: ActivityId) -> int:
    async with books.work() as work:
        return (await work.activities.peek(activity)).activity.revision


async def lines(books: Books, activity: ActivityId) -> Mapping[PersonId, tuple[str, int]]:
    async with books.work() as work:
        sheet = await work.activities.peek(activity)
    return {person: (line.entry.outcome.value, line.version) for person, line in sheet.lines.items()}


async def of_person(books: Books, activity: ActivityId, person: PersonId) -> list[tuple[str, int]]:
    told = await books.told("registry.participation", f"{activity}/{person}")
    return [(event.type, event.aggregateversion) for event in told]


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


async def test_a_correction_of_what_somebody_else_changed_is_refused(books: Books) -> None:
    branch = await books.found()
    activity = await books.plan(branch)
    await correct(books, activity, 1, theme="loyalty")
    with pytest.raises(StaleVersion):
        await correct(books, activity, 1, theme=None)


@pytest.mark.parametrize("field", ["kind", "theme", "place"])
async def test_an_unknown_code_is_refused_by_its_field(books: Books, field: str) -> None:
    branch = await books.found()
    with pytest.raises(WrongCode, match=f"{field} 本县代码表"):
        async with books.work() as work:
            await handlers.plan_activity(work, replace(occasion(branch), **{field: "nothing"}), books.desk)  # type: ignore[arg-type]


async def test_a_code_that_had_ended_on_the_day_is_refused(books: Books) -> None:
    branch = await books.found()
    with pytest.raises(WrongCode, match="停用"):
        async with books.work() as work:
            await handlers.plan_activity(work, replace(occasion(branch), theme="old"), books.desk)


async def test_an_unknown_host_is_refused(books: Books) -> None:
    planned = replace(occasion(), hosts=(OrganisationId(new_id()),))
    with pytest.raises(UnknownOrganisation):
        async with books.work() as work:
            await handlers.plan_activity(work, planned, books.desk)


async def test_a_host_that_was_not_founded_yet_is_refused(books: Books) -> None:
    young = await books.found(founded_on=date(2022, 4, 1))
    with pytest.raises(domain.WrongHosts, match="还没有成立"):
        await books.plan(young)


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


async def test_a_list_with_one_unknown_person_is_refused_as_a_whole(books: Books) -> None:
    branch = await books.found()
    (li,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    with pytest.raises(domain.AttendanceRefused) as caught:
        await books.record(activity, ATTENDED, li, PersonId(new_id()))
    assert [error["field"] for error in caught.value.errors] == ["entries.1.person"]
    assert await lines(books, activity) == {}


async def test_a_person_of_another_county_is_unknown_here(books: Books) -> None:
    stranger = Books(books.sessions)
    await stranger.open()
    (theirs,) = await stranger.people(1)
    activity = await books.plan(await books.found())
    with pytest.raises(domain.AttendanceRefused):
        await books.record(activity, ATTENDED, theirs)


async def test_an_activity_of_another_county_is_not_there(books: Books) -> None:
    stranger = Books(books.sessions)
    await stranger.open()
    with pytest.raises(domain.UnknownActivity):
        await stranger.close(await books.plan(await books.found()))


async def test_a_recorder_records_in_the_own_subtree_only(books: Books) -> None:
    branch, other = await books.found(), await books.found()
    group = await books.found(Kind.GROUP, branch)
    recorder = books.principal("recorder", branch.id)
    (member,) = await books.members(group, 1)
    await enter(books, await books.plan(group, kind="group-meeting"), Entry(member, ATTENDED, "desk"), by=recorder)
    with pytest.raises(Forbidden):
        await enter(books, await books.plan(other), Entry(member, ATTENDED, "desk"), by=recorder)


async def test_of_a_joint_activity_a_recorder_needs_every_host(books: Books) -> None:
    own, other = await books.found(), await books.found()
    recorder = books.principal("recorder", own.id)
    with pytest.raises(Forbidden):
        async with books.work() as work:
            await handlers.plan_activity(work, occasion(own, other), recorder)


async def test_a_recorder_cannot_move_an_activity_out_of_the_own_subtree(books: Books) -> None:
    own, other = await books.found(), await books.found()
    activity = await books.plan(own)
    command = CorrectActivity(activity, 1, {"hosts": (other.id,)})
    with pytest.raises(Forbidden):
        async with books.work() as work:
            await handlers.correct_activity(work, command, books.principal("recorder", own.id))


async def test_an_activity_that_is_not_over_cannot_be_closed(books: Books) -> None:
    activity = await books.plan(await books.found(), day=date(2022, 10, 15))
    with pytest.raises(domain.WrongTimes):
        await books.close(activity)


async def test_a_closed_activity_cannot_be_closed_again(books: Books) -> None:
    activity = await books.plan(await books.found())
    await books.close(activity)
    with pytest.raises(domain.AlreadyHeld):
        await books.close(activity)


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


async def test_a_list_that_waited_for_a_correction_of_the_hosts_is_refused(books: Books) -> None:
    branch, other = await books.found(), await books.found()
    (li,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    async with books.work() as work:
        command = CorrectActivity(activity, 1, {"hosts": (other.id,)})
        await handlers.correct_activity(work, command, books.desk)
        waiting = asyncio.create_task(books.record(activity, MISSED, li))
        await books.wait_for_a_lock()
    with pytest.raises(domain.Overtaken):
        await waiting
