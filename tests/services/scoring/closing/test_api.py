"""Closing a quarter, noticing it, making it final, over HTTP."""

from datetime import date

import pytest

from services.scoring.counties import County
from services.scoring.quarters import APRIL, JULY, Quarters, refused


@pytest.fixture
def quarters(county: County) -> Quarters:
    return Quarters(county)


async def test_a_close_tells_how_many_people_came_to_how_much(quarters: Quarters) -> None:
    book = await quarters.settle("2022Q1", "2022Q2")
    await quarters.lesson(quarters.people[0], date(2022, 2, 3))
    await quarters.close("2022Q1")
    _, _, closed = await quarters.told("scoring.period")
    assert (closed["type"], closed["aggregateversion"]) == ("period.closed.v1", 2)
    assert closed["data"] == {
        "period": "2022Q1",
        "starts_on": "2022-01-01",
        "ends_on": "2022-03-31",
        "state": "closed",
        "book": book,
        "closed_at": "2022-04-06T04:00:00.000000Z",
        "people": 3,
        "total_tenths": 1825,
        "published_on": None,
        "objections_until": None,
    }


async def test_a_close_tells_everybody_what_was_published_for_them(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", "2022Q2")
    await quarters.lesson(quarters.people[0], date(2022, 2, 3))
    await quarters.close("2022Q1")
    last = {told["subject"]: told["data"].get("closed", []) for told in await quarters.told("scoring.points")}
    assert {person: [each["published_tenths"] for each in closed] for person, closed in last.items()} == dict(
        zip(quarters.people, ([625], [600], [600]), strict=True)
    )


async def test_the_list_of_quarters_says_what_became_of_each(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", "2022Q2")
    await quarters.close("2022Q1")
    await quarters.notice("2022Q1")
    await quarters.finalise("2022Q1", date(2022, 4, 14))
    first, second = (await quarters.county.client("desk").get("/periods")).json()["items"]
    assert (first["state"], first["people"], first["total_tenths"]) == ("final", 3, 1800)
    assert (first["published_on"], first["objections_until"]) == ("2022-04-06", "2022-04-13")
    assert (second["state"], second["people"], second["published_on"]) == ("open", None, None)


@pytest.mark.parametrize(
    ("day", "period", "told"),
    [
        (date(2022, 3, 31), "2022Q1", (409, "not-over", "2022Q1到2022-03-31才结束，次日起方可结账。")),
        (
            JULY,
            "2022Q2",
            (409, "earlier-one-open", "各季度须依次结账：2022Q1还没有结账，请先办理，再办理2022Q2。"),
        ),
        (JULY, "2022Q3", (404, "period-not-found", "2022Q3尚未开启。")),
    ],
)
async def test_a_quarter_that_cannot_be_closed_is_told_why(
    quarters: Quarters, day: date, period: str, told: tuple[int, str, str]
) -> None:
    await quarters.settle("2022Q1", "2022Q2")
    assert await refused(quarters, quarters.on(day), f"/periods/{period}/closing", {}) == told


async def test_a_quarter_is_not_closed_twice(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    await quarters.close("2022Q1")
    told = await refused(quarters, quarters.on(JULY), "/periods/2022Q1/closing", {})
    assert told == (409, "already-closed", "2022Q1已经结账，不能再次结账。")


async def test_a_quarter_is_not_closed_while_accounts_are_pending(quarters: Quarters) -> None:
    book = await quarters.settle("2022Q1")
    await quarters.county.open("2022Q2", book)
    status, slug, sentence = await refused(quarters, quarters.on(APRIL), "/periods/2022Q1/closing", {})
    assert (status, slug) == (409, "still-pending")
    assert sentence == "还有3人的积分正在计算，2022Q1暂不能结账，请稍候再试。"


async def test_a_quarter_is_not_closed_while_nobody_has_decided_on_a_proposal_of_it(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", "2022Q2")
    desk = quarters.county.at(APRIL, "desk")
    proposal = {"person": quarters.people[0], "item": "rude", "day": "2022-03-01"}
    judgement = await desk.made("/deductions", proposal)
    await desk.made("/deductions", {**proposal, "day": "2022-04-01"})
    told = await refused(quarters, quarters.on(APRIL), "/periods/2022Q1/closing", {})
    assert told == (409, "proposals-open", "2022Q1还有1项评议或扣分尚未确认或退回，请先逐项办理，再结账。")
    await quarters.on(APRIL).made(f"/judgements/{judgement}/confirmation", {})
    await quarters.close("2022Q1")
    assert (await quarters.told("scoring.period"))[-1]["data"]["total_tenths"] == 1780


async def test_a_close_asked_for_twice_with_one_key_is_one_close(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    admin, key = quarters.on(APRIL), "close-2022Q1"
    answers = [await admin.post("/periods/2022Q1/closing", {}, key) for _ in range(2)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(201, {"id": "2022Q1"})] * 2


@pytest.mark.parametrize("step", ["closing", "notice", "finalisation", "reopening"])
@pytest.mark.parametrize("role", ["desk", "recorder", "member", "mediator", "auditor", "operator"])
async def test_only_the_county_admin_takes_a_step(quarters: Quarters, role: str, step: str) -> None:
    body = {"published_on": "2022-04-06"} if step == "notice" else {}
    assert (await quarters.county.client(role).post(f"/periods/2022Q1/{step}", body)).status_code == 403


async def test_no_quarter_is_opened_behind_a_closed_one(quarters: Quarters) -> None:
    book = await quarters.settle("2022Q2")
    await quarters.close("2022Q2", JULY)
    told = await refused(quarters, quarters.on(JULY), "/periods", {"period": "2022Q1", "book": book})
    assert told == (409, "closed-before", "2022Q2已经结账，不能再开启更早的2022Q1。")


async def test_no_quarter_is_skipped(quarters: Quarters) -> None:
    book = await quarters.settle("2022Q1", "2022Q3")
    october = date(2022, 10, 10)
    await quarters.close("2022Q1", october)
    told = await refused(quarters, quarters.on(october), "/periods/2022Q3/closing", {})
    assert told[:2] == (409, "quarter-skipped")
    await quarters.county.open("2022Q2", book)
    await quarters.county.sweep()
    await quarters.close("2022Q2", october)
    await quarters.close("2022Q3", october)


async def test_a_quarter_is_final_only_after_the_window(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    assert (await refused(quarters, quarters.on(APRIL), "/periods/2022Q1/finalisation", {}))[1] == "not-closed"
    await quarters.close("2022Q1")
    assert (await refused(quarters, quarters.on(APRIL), "/periods/2022Q1/finalisation", {}))[1] == "not-noticed"
    await quarters.notice("2022Q1")
    told = await refused(quarters, quarters.on(date(2022, 4, 13)), "/periods/2022Q1/finalisation", {})
    assert told == (409, "window-open", "2022Q1的异议期到2022-04-13为止，次日起方可定案。")
    await quarters.finalise("2022Q1", date(2022, 4, 14))
    final = (await quarters.told("scoring.period"))[-1]
    assert (final["type"], final["aggregateversion"], final["data"]["state"]) == ("period.finalised.v1", 4, "final")
    assert (final["data"]["published_on"], final["data"]["objections_until"]) == ("2022-04-06", "2022-04-13")
    assert (await refused(quarters, quarters.on(JULY), "/periods/2022Q1/finalisation", {}))[1] == "already-final"


async def test_the_world_hears_that_a_quarter_was_noticed_and_until_when_one_may_object(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    await quarters.close("2022Q1")
    await quarters.notice("2022Q1")
    *_, closed, noticed = await quarters.told("scoring.period")
    assert (noticed["type"], noticed["aggregateversion"]) == ("period.noticed.v1", 3)
    window = {"published_on": "2022-04-06", "objections_until": "2022-04-13"}
    assert noticed["data"] == {**closed["data"], **window}


async def test_a_quarter_with_an_open_objection_is_not_final(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    await quarters.close("2022Q1")
    await quarters.notice("2022Q1")
    objection = {
        "period": "2022Q1", "person": quarters.people[0], "filed_on": "2022-04-08", "origin": "paper",
        "statement": "三月的党课我参加了。",
    }  # fmt: skip
    await quarters.on(date(2022, 4, 11)).made("/objections", objection)
    told = await refused(quarters, quarters.on(date(2022, 4, 20)), "/periods/2022Q1/finalisation", {})
    assert told == (409, "objections-open", "2022Q1还有1件异议没有答复，请先答复，再定案。")
