"""Filing an objection over HTTP."""

import asyncio
from typing import Any

import pytest

from services.scoring.envelopes import new_id
from services.scoring.objections.towns import STATEMENT, Town


async def test_a_paper_that_came_to_the_desk_is_filed_and_told_without_a_word(town: Town) -> None:
    objection = await town.filed(origin="paper", filed_on=str(town.day(-2)))
    (event,) = await town.events()
    assert (event["type"], event["subject"], event["aggregateversion"], event["origin"]) == (
        "objection.filed.v1", f"{town.person}/{objection}", 1, "paper",
    )  # fmt: skip
    assert event["data"] == {
        "person": town.person, "period": "2022Q1", "filed_on": str(town.day(-2)), "state": "filed", "correction": None,
        "tell": town.branch,
    }  # fmt: skip
    assert (await town.shown(objection))["statement"] == STATEMENT


async def test_a_member_files_for_themselves_today(town: Town) -> None:
    objection = await town.member().made("/objections", town.body())
    assert (await town.shown(objection, town.member()))["origin"] == "self"


async def test_a_member_does_not_date_the_filing_back(town: Town) -> None:
    answer = await town.member().post("/objections", town.body(filed_on=str(town.day(-1))))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-the-day")


async def test_a_recorder_files_for_somebody_of_the_branch(town: Town) -> None:
    objection = await town.recorder().made("/objections", town.body(origin="proxy"))
    assert (await town.shown(objection))["on_behalf_of"] == town.person


async def test_who_has_no_business_with_the_person_files_nothing(town: Town) -> None:
    strangers = [town.member(town.other), town.recorder(new_id()), town.county.client("auditor")]
    for stranger in (*strangers, town.county.client("operator"), town.county.client("mediator")):
        assert (await stranger.post("/objections", town.body())).status_code == 403
    assert await town.events() == []


@pytest.mark.parametrize(("since", "until"), [(1, 5), (-9, -1)])
async def test_outside_the_window_the_answer_names_it(town: Town, since: int, until: int) -> None:
    await town.notice(since, until)
    answer = await town.county.client().post("/objections", town.body())
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/outside-window")
    assert f"{town.day(since)}至{town.day(until)}" in answer.json()["detail"]
    assert await town.events() == []


async def test_a_paper_handed_in_in_time_is_filed_after_the_window(town: Town) -> None:
    await town.notice(-9, -1)
    await town.filed(origin="paper", filed_on=str(town.day(-1)))


async def test_before_the_notice_nothing_is_filed(town: Town) -> None:
    await town.county.rows(
        "UPDATE periods SET state = 'closed', closed_at = opened_at, published_on = NULL, objections_until = NULL"
        " WHERE county = :county RETURNING period"
    )
    answer = await town.county.client().post("/objections", town.body())
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-noticed")


async def test_a_final_quarter_is_not_objected_to(town: Town) -> None:
    await town.notice(state="final")
    answer = await town.county.client().post("/objections", town.body())
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-final")


async def test_a_quarter_that_was_never_opened_is_not_found(town: Town) -> None:
    answer = await town.county.client().post("/objections", town.body(period="2022Q4"))
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/period-not-found")


async def test_somebody_whom_scoring_does_not_know_is_asked_for_later(town: Town) -> None:
    answer = await town.county.client().post("/objections", town.body(person=new_id()))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-known-yet")


async def test_one_objection_of_a_person_and_quarter_is_open_at_a_time(town: Town) -> None:
    clients = [town.county.client() for _ in range(3)]
    answers = await asyncio.gather(*(client.post("/objections", town.body()) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert "/problems/already-objected" in {answer.json().get("type") for answer in answers}
    assert len(await town.events()) == 1
    await town.filed(person=town.other)


async def test_after_the_answer_another_one_may_be_filed(town: Town) -> None:
    assert (await town.answer(await town.filed())).status_code == 201
    await town.filed()


@pytest.mark.parametrize(
    "changed",
    [
        {"statement": ""},
        {"statement": " \n "},
        {"statement": "长" * 2001},
        {"statement": "有\x00"},
        {"statement": None},
        {"filed_on": "昨天"},
        {"filed_on": "2022-02-30"},
        {"filed_on": "0001-01-01"},
        {"origin": "telegram"},
        {"origin": "self"},
        {"origin": "paper", "on_behalf_of": new_id()},
        {"period": "2022-03"},
        {"person": "somebody"},
        {"unknown": 1},
    ],
)
async def test_a_form_that_is_filled_in_wrongly_is_refused(town: Town, changed: dict[str, Any]) -> None:
    assert (await town.county.client().post("/objections", town.body(**changed))).status_code == 422
    assert await town.events() == []


async def test_the_same_request_twice_files_once(town: Town) -> None:
    desk = town.county.client()
    first, second = [await desk.post("/objections", town.body(), "the-same-key") for _ in range(2)]
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert len(await town.events()) == 1
