"""A quarter turns while others write: one after the other, and nothing is lost."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import Connection, event

from services.scoring.counties import County
from services.scoring.quarters import APRIL, Quarters

FEBRUARY = date(2022, 2, 3)


@pytest.fixture
def quarters(county: County) -> Quarters:
    return Quarters(county)


async def test_of_two_closes_at_once_one_is_the_close(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", "2022Q2")
    asked = (quarters.on(APRIL).post("/periods/2022Q1/closing", {}) for _ in range(3))
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert [told["type"] for told in await quarters.told("scoring.period")][2:] == ["period.closed.v1"]


async def test_what_arrives_while_a_quarter_closes_is_published_by_it_or_settled_in_the_next(
    quarters: Quarters,
) -> None:
    await quarters.settle("2022Q1", "2022Q2")
    lessons = [quarters.lesson(person, FEBRUARY) for person in quarters.people]
    await asyncio.gather(*lessons, quarters.close("2022Q1"))
    (period, _) = (await quarters.county.client("desk").get("/periods")).json()["items"]
    rows = await quarters.county.rows("SELECT totals, frozen FROM accounts WHERE county = :county")
    published = [each["own"] for row in rows for each in row.frozen]
    settled = [sum(total.get("adjustments", {}).values()) for row in rows for total in row.totals]
    assert sum(published) == period["total_tenths"]
    assert sum(published) + sum(settled) == 3 * 625


async def test_an_objection_that_comes_while_its_quarter_becomes_final_is_heard_or_too_late(
    quarters: Quarters,
) -> None:
    await quarters.settle("2022Q1")
    await quarters.close("2022Q1")
    await quarters.notice("2022Q1")
    objection = {
        "period": "2022Q1", "person": quarters.people[0], "filed_on": "2022-04-08", "origin": "paper",
        "statement": "三月的党课我参加了。",
    }  # fmt: skip
    admin = quarters.on(date(2022, 4, 20))
    final, filed = await asyncio.gather(
        admin.post("/periods/2022Q1/finalisation", {}), admin.post("/objections", objection)
    )
    assert sorted((final.status_code, filed.status_code)) == [201, 409]


async def test_who_has_waited_too_long_for_a_county_that_turns_is_told_to_try_again(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    county, deduction = quarters.county, {"person": quarters.people[0], "item": "rude", "day": "2022-03-01"}

    def impatient(connection: Connection) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")

    async with county.request() as work:
        await work.periods.lock(county.id)
        event.listen(county.api.sync_engine, "begin", impatient)
        try:
            answer = await county.client("desk").post("/deductions", deduction)
        finally:
            event.remove(county.api.sync_engine, "begin", impatient)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["detail"] == "本县资料正被另一项操作占用（如季度结账），内容没有保存，请稍候再试。"
