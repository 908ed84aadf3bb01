"""Answering an objection over HTTP, and looking at it."""

import asyncio
from typing import Any

import orjson
import pytest

from services.scoring.envelopes import new_id
from services.scoring.objections.towns import STATEMENT, Town

REASON = "名单已核对，当天没有签名。"


async def test_declined_with_a_reason_that_stays_in_the_house(town: Town) -> None:
    objection = await town.filed()
    assert (await town.answer(objection)).status_code == 201
    shown = await town.shown(objection)
    assert (shown["state"], shown["reason"], shown["correction"]) == ("declined", REASON, None)
    filed, answered = await town.events()
    assert (answered["type"], answered["subject"], answered["aggregateversion"]) == (
        "objection.answered.v1", filed["subject"], 2,
    )  # fmt: skip
    assert answered["data"] == {**filed["data"], "state": "declined"}
    assert not any(words in orjson.dumps(answered).decode() for words in (REASON, STATEMENT))


async def test_upheld_by_what_put_it_right(town: Town) -> None:
    objection = await town.filed()
    await town.record(town.attendance)
    assert (await town.answer(objection, outcome="upheld", correction=town.attendance)).status_code == 201
    (_, answered) = await town.events()
    assert (answered["data"]["state"], answered["data"]["correction"]) == ("upheld", town.attendance)


async def test_who_filed_it_does_not_answer(town: Town) -> None:
    desk = town.county.client()
    objection = await desk.made("/objections", town.body())
    answer = await town.answer(objection, desk)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/own-objection")
    assert len(await town.events()) == 1


async def test_whose_points_it_is_about_does_not_answer(town: Town) -> None:
    objection = await town.filed()
    answer = await town.answer(objection, town.county.client("desk", person=town.person))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/own-objection")


async def test_two_who_answer_at_once_answer_once(town: Town) -> None:
    objection = await town.filed()
    await town.record(town.attendance)
    upheld: dict[str, Any] = {"outcome": "upheld", "correction": town.attendance}
    answers = await asyncio.gather(
        town.answer(objection), town.answer(objection, **upheld), town.answer(objection, **upheld)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {answer.json()["type"] for answer in answers if not answer.is_success} == {"/problems/already-answered"}
    assert len(await town.events()) == 2


async def test_an_answer_stands(town: Town) -> None:
    objection = await town.filed()
    await town.answer(objection)
    answer = await town.answer(objection, outcome="upheld", correction=town.attendance)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-answered")


@pytest.mark.parametrize(
    "changed",
    [
        {"outcome": "upheld"},
        {"correction": new_id()},
        {"outcome": "filed"},
        {"outcome": "upheld", "correction": "fact"},
        {"reason": ""},
        {"reason": None},
        {"more": 1},
    ],
)
async def test_an_answer_that_is_filled_in_wrongly_is_refused(town: Town, changed: dict[str, Any]) -> None:
    objection = await town.filed()
    assert (await town.answer(objection, **changed)).status_code == 422
    assert (await town.shown(objection))["state"] == "filed"


@pytest.mark.parametrize("role", ["recorder", "member", "mediator", "auditor", "operator"])
async def test_only_admin_and_desk_answer(town: Town, role: str) -> None:
    objection = await town.filed()
    assert (await town.answer(objection, town.county.client(role))).status_code == 403


async def test_an_objection_that_is_not_there_is_not_answered(town: Town) -> None:
    answer = await town.answer(new_id())
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/objection-not-found")


async def test_an_auditor_sees_that_it_was_done_and_not_what_was_said(town: Town) -> None:
    objection = await town.filed()
    await town.answer(objection)
    shown = await town.shown(objection, town.county.client("auditor"))
    assert (shown["state"], shown["statement"], shown["reason"]) == ("declined", None, None)


async def test_everybody_lists_what_is_theirs_to_see_and_no_words(town: Town) -> None:
    mine, others = await town.filed(), await town.filed(person=town.other)
    await town.answer(others)
    clients = {
        "desk": (town.county.client(), [mine, others]),
        "auditor": (town.county.client("auditor"), [mine, others]),
        "recorder above": (town.recorder(town.bureau), [mine, others]),
        "recorder elsewhere": (town.recorder(new_id()), []),
        "member": (town.member(), [mine]),
    }
    for who, (client, expected) in clients.items():
        answer = await client.get("/objections")
        assert [item["id"] for item in answer.json()["items"]] == expected, who
        assert not any(words in answer.text for words in (STATEMENT, REASON))
    for role in ("mediator", "operator"):
        assert (await town.county.client(role).get("/objections")).status_code == 403


async def test_the_list_is_narrowed_and_comes_page_by_page(town: Town) -> None:
    desk = town.county.client()
    mine, others = await town.filed(), await town.filed(person=town.other)
    await town.answer(others)

    async def listed(**wanted: Any) -> list[str]:
        return [item["id"] for item in (await desk.get("/objections", **wanted)).json()["items"]]

    assert await listed(state="filed", period="2022Q1") == [mine]
    assert await listed(person=town.other) == [others]
    assert await listed(period="2022Q2") == []
    page = (await desk.get("/objections", limit=1)).json()
    assert [page["items"][0]["id"], *await listed(cursor=page["next"])] == [mine, others]


async def test_somebody_elses_objection_is_not_shown(town: Town) -> None:
    objection = await town.filed()
    strangers = [town.member(town.other), town.recorder(new_id()), town.county.client("desk", of=new_id())]
    assert {(await stranger.get(f"/objections/{objection}")).status_code for stranger in strangers} == {404}
    assert (await town.county.client("operator").get(f"/objections/{objection}")).status_code == 403
