"""A closed quarter counts again, under a book that settles so what comes late."""

from datetime import date

import pytest

from services.scoring.counties import County
from services.scoring.quarters import APRIL, JULY, Quarters, refused

FEBRUARY = date(2022, 2, 3)


@pytest.fixture
def quarters(county: County) -> Quarters:
    return Quarters(county)


async def reopen(quarters: Quarters, quarter: str) -> None:
    await quarters.on(JULY).made(f"/periods/{quarter}/reopening", {})


async def test_a_quarter_that_was_opened_again_publishes_what_came_late(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", "2022Q2", late="reopen")
    await quarters.close("2022Q1")
    await quarters.lesson(quarters.people[0], FEBRUARY)
    await reopen(quarters, "2022Q1")
    await quarters.close("2022Q1", JULY)
    steps = [
        (told["type"], told["aggregateversion"], told["data"].get("total_tenths"))
        for told in await quarters.told("scoring.period")
    ]
    assert [step for step in steps if step[0] != "period.opened.v1"] == [
        ("period.closed.v1", 2, 1800),
        ("period.reopened.v1", 3, None),
        ("period.closed.v1", 4, 1825),
    ]


async def test_its_notices_are_withdrawn_and_new_ones_take_their_place(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", late="reopen")
    await quarters.close("2022Q1")
    await quarters.notice("2022Q1")
    await reopen(quarters, "2022Q1")
    await quarters.close("2022Q1", JULY)
    await quarters.notice("2022Q1", JULY)
    told = await quarters.told("scoring.notice")
    assert [(each["type"], each["aggregateversion"], each["data"]["state"]) for each in told] == [
        *[("notice.published.v1", 1, "published")] * 2,
        *[("notice.withdrawn.v1", 2, "withdrawn")] * 2,
        *[("notice.published.v1", 1, "published")] * 2,
    ]
    assert [each["subject"] for each in told[:2]] == [each["subject"] for each in told[2:4]]
    listed = (await quarters.county.client("desk").get("/notices", period="2022Q1")).json()["items"]
    assert [each["state"] for each in listed] == ["withdrawn", "withdrawn", "published", "published"]


async def test_an_open_quarter_has_no_window(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", late="reopen")
    await quarters.close("2022Q1")
    await quarters.notice("2022Q1")
    await quarters.finalise("2022Q1", date(2022, 4, 14))
    await reopen(quarters, "2022Q1")
    (period,) = (await quarters.county.client("desk").get("/periods")).json()["items"]
    assert (period["state"], period["closed_at"], period["objections_until"]) == ("open", None, None)


async def test_a_quarter_is_not_opened_again_under_a_book_that_settles_in_the_next(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    await quarters.close("2022Q1")
    told = await refused(quarters, quarters.on(JULY), "/periods/2022Q1/reopening", {})
    assert told[:2] == (409, "reopening-not-agreed")


async def test_the_last_closed_quarter_is_opened_first(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", "2022Q2", late="reopen")
    await quarters.close("2022Q1", JULY)
    await quarters.close("2022Q2", JULY)
    told = await refused(quarters, quarters.on(JULY), "/periods/2022Q1/reopening", {})
    assert told[:2] == (409, "later-one-closed")
    await reopen(quarters, "2022Q2")
    await reopen(quarters, "2022Q1")


async def test_an_open_quarter_is_not_opened_again(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", late="reopen")
    assert (await refused(quarters, quarters.on(APRIL), "/periods/2022Q1/reopening", {}))[1] == "not-closed"


async def test_a_quarter_of_an_evaluated_year_stays_closed(quarters: Quarters) -> None:
    await quarters.settle("2022Q4", late="reopen")
    await quarters.close("2022Q4", date(2023, 1, 4))
    await quarters.notice("2022Q4", date(2023, 1, 4))
    await quarters.finalise("2022Q4", date(2023, 2, 1))
    later = quarters.on(date(2023, 2, 1))
    await later.made("/years/2022/evaluation", {"published_on": "2023-02-01"})
    told = await refused(quarters, later, "/periods/2022Q4/reopening", {})
    assert told == (409, "year-evaluated", "2022Q4所在年度已经总评，不能重新开账。")
