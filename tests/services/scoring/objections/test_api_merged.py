"""Objections of somebody who was entered twice, before and after the entries become one."""

import asyncio

import pytest

from services.scoring.objections.towns import Town


@pytest.mark.parametrize("login", ["ended", "goes on"])
async def test_nobody_answers_the_own_objection_under_another_entry(town: Town, login: str) -> None:
    objection = await town.filed()
    await town.merge()
    me = town.county.client("county_admin", person=town.person if login == "ended" else town.other)
    answer = await town.answer(objection, by=me)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/own-objection")


async def test_one_objection_of_all_entries_is_open_at_a_time(town: Town) -> None:
    await town.filed()
    await town.merge()
    for person in (town.person, town.other):
        answer = await town.county.client().post("/objections", town.body(person=person))
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-objected")


async def test_two_that_were_open_before_the_merge_are_both_answered(town: Town) -> None:
    objections = [await town.filed(), await town.filed(person=town.other)]
    await town.merge()
    assert [(await town.answer(each)).status_code for each in objections] == [201, 201]


async def test_two_that_are_filed_at_once_under_both_entries_are_one(town: Town) -> None:
    await town.merge()
    bodies = [town.body(person=person) for person in (town.person, town.other)]
    answers = await asyncio.gather(*(town.county.client().post("/objections", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_the_branch_of_the_entry_that_goes_on_tells_the_answer(town: Town) -> None:
    objection = await town.filed()
    await town.merge()
    await town.moves(town.other)
    assert (await town.answer(objection)).status_code == 201
    filed, answered = await town.events()
    assert (answered["subject"], answered["data"]["person"]) == (filed["subject"], town.person)
    assert answered["data"]["tell"] == town.bureau


@pytest.mark.parametrize("asked", ["ended", "goes on"])
async def test_the_list_of_a_person_has_what_was_filed_under_every_entry(town: Town, asked: str) -> None:
    early = await town.filed(period="2022Q1")
    await town.merge()
    await town.answer(early)
    late = await town.filed()
    person = town.person if asked == "ended" else town.other
    listed = (await town.county.client().get("/objections", person=person)).json()["items"]
    assert [each["id"] for each in listed] == [early, late]
