"""What cannot be recorded of an activity, by whom, or in whose place, and that nothing is kept of it."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from kit.commands import StaleVersion
from registry.access import Forbidden
from registry.activities import domain, handlers
from registry.activities.domain import Entry
from registry.activities.handlers import CorrectActivity
from registry.ids import OrganisationId, PersonId
from registry.organisations.domain import Kind, UnknownOrganisation
from registry.taxonomies.domain import WrongCode
from services.registry.activities.recorder import (
    ATTENDED,
    MISSED,
    correct,
    enter,
    lines,
)
from support.books import Books, new_id, occasion


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
