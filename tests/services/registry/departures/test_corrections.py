"""A wrong death or a wrong day can be taken back, and what followed from it follows."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from registry.activities.domain import Outcome
from registry.activities.handlers import RecordAttendance, record_attendance
from registry.ids import PersonId
from support.books import Books, new_id
from support.desk import Desk, slug

DEATH = {"status": "died", "since": "2022-03-10"}


async def die(desk: Desk, person: PersonId) -> None:
    assert (await desk.post(f"/people/{person}/death", {"died_on": "2022-03-10"})).status_code == 201


async def correct(desk: Desk, person: PersonId, right: str | None, wrong: dict[str, str] = DEATH) -> Any:
    return await desk.post(f"/people/{person}/status-corrections", {**wrong, "right": right})


async def untils(books: Books, person: PersonId) -> list[Any]:
    event = (await books.told("registry.membership", person))[-1]
    return [one["until"] for one in event.data["memberships"]]  # type: ignore[index,union-attr,call-overload]


async def test_a_wrong_death_is_taken_back_as_the_next_version(desk: Desk, books: Books) -> None:
    (person,) = await books.members(await books.found(), 1)
    await die(desk, person)
    assert (await correct(desk, person, None)).status_code == 201
    event = (await books.told("registry.person", person))[-1]
    assert (event.type, event.aggregateversion, event.actor) == ("person.amended.v1", 3, desk.by.user)
    assert (event.data["status"], event.data["statuses"]) == ("active", [])
    assert await untils(books, person) == [None]
    assert [one.type for one in await books.told("registry.membership", person)][-1] == "membership.joined.v1"


@pytest.mark.parametrize(("right", "until"), [("2022-03-05", "2022-03-06"), ("2022-03-20", "2022-03-21")])
async def test_memberships_end_with_the_day_that_is_right(desk: Desk, books: Books, right: str, until: str) -> None:
    (person,) = await books.members(await books.found(), 1)
    await die(desk, person)
    assert (await correct(desk, person, right)).status_code == 201
    assert await untils(books, person) == [until]
    assert (await books.told("registry.person", person))[-1].data["status_since"] == right


async def test_who_is_alive_again_may_attend(desk: Desk, books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    await die(desk, person)
    await correct(desk, person, None)
    await books.record(await books.plan(branch), Outcome.ATTENDED, person)


async def test_a_corrected_death_before_something_attended_is_refused_with_the_list(desk: Desk, books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    activity = await books.plan(branch, day=date(2022, 3, 9))
    await books.record(activity, Outcome.ATTENDED, person)
    await die(desk, person)
    answer = await correct(desk, person, "2022-03-08")
    assert slug(answer) == (409, "attended-later")
    assert [error["activity"] for error in answer.json()["errors"]] == [activity]
    assert len(await books.told("registry.person", person)) == 1


@pytest.mark.parametrize("wrong", ["died", "moved"])
async def test_absences_after_the_day_that_is_right_are_withdrawn(desk: Desk, books: Books, wrong: str) -> None:
    branch = await books.found()
    person, _ = await books.members(branch, 2)
    activity = await books.plan(branch, day=date(2022, 3, 9))
    async with books.work() as work:
        await record_attendance(work, RecordAttendance(activity, (), rest_missed="paper"), books.desk)
    await books.close(activity)
    if wrong == "died":
        await die(desk, person)
    else:
        await desk.post(f"/people/{person}/moves", {"on": "2022-03-10"})
    assert (await correct(desk, person, "2022-03-08", {**DEATH, "status": wrong})).status_code == 201
    told = await books.told("registry.participation", f"{activity}/{person}")
    assert told[-1].type == "attendance.withdrawn.v1"


async def test_a_correction_leaves_a_trace(desk: Desk, books: Books) -> None:
    (person,) = await books.people(1)
    await die(desk, person)
    await correct(desk, person, None)
    async with books.work() as work:
        rows = await work.session.execute(
            text("SELECT actor, action, subject, field FROM audit WHERE county = :c"), {"c": books.county}
        )
        assert [tuple(row) for row in rows] == [(desk.by.user, "departure.correct", person, "died")]


async def test_bad_corrections_have_their_own_answers(desk: Desk, books: Books) -> None:
    (person,) = await books.people(1)
    await die(desk, person)
    wrong = {"status": "died", "since": "2022-03-11"}
    assert slug(await correct(desk, person, None, wrong)) == (409, "no-such-status")
    assert slug(await correct(desk, person, "2999-01-01")) == (422, "date-in-future")
    assert slug(await correct(desk, PersonId(new_id()), None)) == (404, "unknown-person")
    assert slug(await desk.post(f"/people/{person}/status-corrections", DEATH)) == (422, "invalid-input")
    moved = {"status": "moved", "since": "2022-03-01"}
    (away,) = await books.people(1)
    await desk.post(f"/people/{away}/moves", {"on": "2022-03-01"})
    await desk.post(f"/people/{away}/moves", {"on": "2022-04-01", "direction": "back"})
    assert slug(await correct(desk, away, None, moved)) == (422, "statuses-disagree")


async def test_only_the_desk_and_the_admin_correct(desk: Desk, books: Books) -> None:
    (person,) = await books.people(1)
    await die(desk, person)
    recorder = desk.asked_by(books.principal("recorder"))
    assert slug(await correct(recorder, person, None))[0] == 403
