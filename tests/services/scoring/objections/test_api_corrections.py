"""What an upheld objection does to a judgement, and to somebody who was entered twice."""

import asyncio

from scoring.ids import PersonId
from scoring.ledger.domain.standing import Held, Life
from services.scoring.envelopes import news
from services.scoring.objections.towns import LONG_AGO, Town

HURT = -20


async def points(town: Town, person: str) -> int:
    (row,) = await town.county.rows(
        "SELECT total_tenths FROM cells WHERE county = :county AND person = :person AND period = '2022Q1'",
        person=person,
    )
    return int(row.total_tenths)


async def merge(town: Town, person: PersonId, into: PersonId) -> None:
    life = Life(2, (Held("A", LONG_AGO),), merged_into=into)
    await town.county.apply([news(town.county.id, person, life)])


async def test_a_deduction_that_was_wrong_is_withdrawn_with_the_answer(town: Town) -> None:
    before = await points(town, town.person)
    judgement, subject = await town.deducted()
    objection = await town.filed()
    assert await points(town, town.person) == before + HURT
    answer = await town.answer(objection, outcome="upheld", correction=subject)
    assert answer.status_code == 201, answer.text
    assert await points(town, town.person) == before
    told = [event["type"] for event in await town.events()]
    assert told == ["deduction.confirmed.v1", "objection.filed.v1", "deduction.withdrawn.v1", "objection.answered.v1"]
    kept = (await town.county.client().get(f"/judgements/{judgement}")).json()
    assert kept["state"] == "withdrawn"


async def test_a_judgement_that_is_withdrawn_already_is_a_correction_too(town: Town) -> None:
    judgement, subject = await town.deducted()
    objection = await town.filed()
    await town.county.client().made(f"/judgements/{judgement}/withdrawal", {"reason": "有误"})
    assert (await town.answer(objection, outcome="upheld", correction=subject)).status_code == 201
    assert [event["type"] for event in await town.events()].count("deduction.withdrawn.v1") == 1


async def test_declining_leaves_the_judgement(town: Town) -> None:
    before = await points(town, town.person)
    await town.deducted()
    assert (await town.answer(await town.filed())).status_code == 201
    assert await points(town, town.person) == before + HURT


async def test_two_who_uphold_at_once_withdraw_once(town: Town) -> None:
    _, subject = await town.deducted()
    objection = await town.filed()
    answers = await asyncio.gather(
        *(town.answer(objection, outcome="upheld", correction=subject) for _ in range(2)), town.answer(objection)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {answer.json()["type"] for answer in answers if not answer.is_success} == {"/problems/already-answered"}
    told = [event["type"] for event in await town.events()]
    assert told.count("objection.answered.v1") == 1
    withdrawn = told.count("deduction.withdrawn.v1")
    assert withdrawn == ((await town.shown(objection))["state"] == "upheld")


async def test_what_was_said_under_an_entry_that_ended_is_the_persons(town: Town) -> None:
    early = await town.filed()
    await town.record(town.attendance)
    await merge(town, town.person, town.other)
    assert (await town.answer(early, outcome="upheld", correction=town.attendance)).status_code == 201
    late = await town.filed()  # under the old entry's id
    assert (await town.shown(late))["person"] == town.other
    listed = (await town.member(town.other).get("/objections")).json()["items"]
    assert [item["id"] for item in listed] == [early, late]


async def test_a_login_that_names_the_old_entry_still_files_for_its_person(town: Town) -> None:
    await merge(town, town.person, town.other)
    objection = await town.member().made("/objections", town.body())
    shown = await town.shown(objection, town.member())
    assert (shown["person"], shown["origin"]) == (town.other, "self")
    answer = await town.answer(objection, town.county.client("desk", person=town.person))
    assert answer.json()["type"] == "/problems/own-objection"
