"""An event's `time` is the day in Shanghai on which it happened, whenever it was typed in; without such a day, now."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from services.scoring.counties import County
from services.scoring.quarters import APRIL, BOOK, Quarters

FAMILY = {"code": "family", "name": "家风美德", "aspect": "learning", "kind": "appraisal", "grades": {"good": 50}}
ITEMS = [*BOOK["items"], FAMILY]
LATER, LAST = date(2022, 4, 7), date(2022, 4, 8)
LAST_AT_NOON = "2022-04-08T04:00:00Z"
WHY = {"reason": "经核实有误"}


async def opens(quarters: Quarters) -> None:
    """The town is settled: nothing is left to do."""


async def appraises(quarters: Quarters) -> None:
    body = {"person": quarters.people[0], "item": "family", "period": "2022Q1", "grade": "good"}
    await _judged(quarters, "/appraisals", body)


async def deducts(quarters: Quarters) -> None:
    await _judged(quarters, "/deductions", {"person": quarters.people[0], "item": "rude", "day": "2022-03-09"})


async def _judged(quarters: Quarters, path: str, body: dict[str, Any]) -> None:
    judgement = await quarters.on(APRIL).made(path, body)
    await quarters.on(LATER).made(f"/judgements/{judgement}/confirmation", {})
    await quarters.on(LAST).made(f"/judgements/{judgement}/withdrawal", WHY)


async def exempts(quarters: Quarters) -> None:
    body = {"person": quarters.people[0], "since": "2022-02-15", "decision": "支委会决定2022年第3号"}
    exemption = await quarters.on(APRIL).made("/exemptions", body)
    await quarters.on(LATER).made(f"/exemptions/{exemption}/ending", {"until": "2022-07-01"})
    await quarters.on(LAST).made(f"/exemptions/{exemption}/withdrawal", {})


async def notices(quarters: Quarters) -> None:
    await quarters.close("2022Q1")
    await quarters.on(LATER).made("/periods/2022Q1/notice", {"published_on": "2022-04-06"})
    await quarters.on(LAST).made("/periods/2022Q1/reopening", WHY)


async def objects(quarters: Quarters) -> None:
    await quarters.close("2022Q1")
    await quarters.notice("2022Q1")
    body = {
        "person": quarters.people[0],
        "period": "2022Q1",
        "filed_on": "2022-04-06",
        "statement": "二月的党课我来了。",
    }
    objection = await quarters.on(LATER).made("/objections", body)
    await quarters.on(LAST).made(f"/objections/{objection}/answer", {"outcome": "declined", **WHY})


@pytest.mark.parametrize(
    ("play", "topic", "times"),
    [
        (opens, "period", {"period.opened.v1": "2021-12-31T16:00:00Z"}),
        (
            appraises,
            "appraisal",
            {"appraisal.confirmed.v1": "2022-03-30T16:00:00Z", "appraisal.withdrawn.v1": "2022-03-30T16:00:00Z"},
        ),
        (
            deducts,
            "appraisal",
            {"deduction.confirmed.v1": "2022-03-08T16:00:00Z", "deduction.withdrawn.v1": "2022-03-08T16:00:00Z"},
        ),
        (
            exempts,
            "appraisal",
            {
                "exemption.granted.v1": "2022-02-14T16:00:00Z",
                "exemption.ended.v1": "2022-06-30T16:00:00Z",
                "exemption.withdrawn.v1": "2022-02-14T16:00:00Z",
            },
        ),
        (
            notices,
            "notice",
            {"notice.published.v1": "2022-04-05T16:00:00Z", "notice.withdrawn.v1": LAST_AT_NOON},
        ),
        (
            objects,
            "appraisal",
            {"objection.filed.v1": "2022-04-05T16:00:00Z", "objection.answered.v1": LAST_AT_NOON},
        ),
    ],
)
async def test_an_event_happens_on_its_day_and_is_recorded_now(
    county: County, play: Callable[[Quarters], Awaitable[None]], topic: str, times: dict[str, str]
) -> None:
    quarters = Quarters(county)
    await quarters.settle("2022Q1", items=ITEMS, late="reopen")
    await play(quarters)
    told = await quarters.told(f"scoring.{topic}")
    assert {each["type"]: each["time"] for each in told} == times
    assert told[-1]["recordedtime"] == ("2022-10-01T02:00:00Z" if play is opens else LAST_AT_NOON)


async def test_nobody_is_exempted_since_before_there_were_cadres(county: County) -> None:
    quarters = Quarters(county)
    await quarters.settle("2022Q1")
    body = {"person": quarters.people[0], "since": "0001-01-01", "decision": "支委会决定2022年第3号"}
    assert (await quarters.on(APRIL).post("/exemptions", body)).status_code == 422
