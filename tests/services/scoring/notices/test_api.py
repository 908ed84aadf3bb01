"""What each branch is told, and who may read it."""

from datetime import date
from typing import Any

import orjson
import pytest

from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.quarters import APRIL, LONG_AGO, Quarters, refused

PATH = "/periods/2022Q1/notice"


@pytest.fixture
def quarters(county: County) -> Quarters:
    return Quarters(county)


async def noticed(quarters: Quarters, **changes: Any) -> list[dict[str, Any]]:
    """Publish the first quarter's notices; return what was told of them, in the order of the branches."""
    await quarters.settle("2022Q1", "2022Q2", **changes)
    await quarters.lesson(quarters.people[0], date(2022, 2, 3))
    await quarters.close("2022Q1")
    await quarters.notice("2022Q1")
    return await quarters.told("scoring.notice")


async def test_there_is_one_notice_per_branch_with_people_in_the_order_of_their_ids(quarters: Quarters) -> None:
    first, second = await noticed(quarters)
    assert first["data"] == {
        "period": "2022Q1",
        "branch": quarters.branches[0],
        "published_on": "2022-04-06",
        "window_days": 5,
        "objections_until": "2022-04-13",
        "shows": "points",
        "board": "red-board",
        "state": "published",
        "people": [
            {"person": quarters.people[0], "total_tenths": 625, "grade": None},
            {"person": quarters.people[1], "total_tenths": 600, "grade": None},
        ],
    }
    assert [each["person"] for each in second["data"]["people"]] == [quarters.people[2]]
    assert [each["aggregateversion"] for each in (first, second)] == [1, 1]


async def test_a_county_may_show_grades_instead_of_points(quarters: Quarters) -> None:
    first, _ = await noticed(quarters, notice={"window_days": 10, "shows": "grades", "board": None})
    assert [(each["total_tenths"], each["grade"]) for each in first["data"]["people"]] == [
        (None, "good"),
        (None, "fair"),
    ]
    assert (first["data"]["objections_until"], first["data"]["board"]) == ("2022-04-20", None)


async def test_a_notice_says_nothing_of_what_was_taken_away(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    deduction = {"person": quarters.people[0], "item": "rude", "day": "2022-03-01"}
    judgement = await quarters.county.at(APRIL, "desk").made("/deductions", deduction)
    await quarters.on(APRIL).made(f"/judgements/{judgement}/confirmation", {})
    await quarters.close("2022Q1")
    await quarters.notice("2022Q1")
    first, _ = await quarters.told("scoring.notice")
    assert first["data"]["people"][0] == {"person": quarters.people[0], "total_tenths": 580, "grade": None}
    assert not [word for word in (b"rude", b":-20", judgement.encode()) if word in orjson.dumps(first["data"])]


async def test_points_are_on_the_notice_of_the_branch_of_the_last_day(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    moved = Belonging(
        2,
        (
            Membership(quarters.branches[0], home=True, since=LONG_AGO, until=date(2022, 4, 1)),
            Membership(quarters.branches[1], home=True, since=date(2022, 4, 1), until=None),
        ),
    )
    await quarters.tell(quarters.people[0], moved)
    await quarters.close("2022Q1")
    await quarters.notice("2022Q1")
    first, _ = await quarters.told("scoring.notice")
    assert [each["person"] for each in first["data"]["people"]] == quarters.people[:2]


@pytest.mark.parametrize(
    ("published_on", "today", "told"),
    [
        (
            "2022-03-31",
            APRIL,
            (422, "notice-inside-period", "2022Q1到2022-03-31才结束，公示日期不能是2022-03-31，应在结束之后。"),
        ),
        ("2022-04-07", APRIL, (422, "notice-in-future", "公示日期2022-04-07还没有到，今天是2022-04-06。")),
        (
            "2026-12-28",
            date(2026, 12, 28),
            (409, "no-calendar", "系统里还没有2027年的节假日安排，无法推算工作日；请管理员更新节假日安排后再办理。"),
        ),
    ],
)  # fmt: skip
async def test_a_notice_on_a_wrong_day_is_told_why(
    quarters: Quarters, published_on: str, today: date, told: tuple[int, str, str]
) -> None:
    await quarters.settle("2022Q1")
    await quarters.close("2022Q1")
    assert await refused(quarters, quarters.on(today), PATH, {"published_on": published_on}) == told


async def test_a_notice_is_published_after_the_close_and_once(quarters: Quarters) -> None:
    await quarters.settle("2022Q1")
    body = {"published_on": "2022-04-06"}
    told = await refused(quarters, quarters.on(APRIL), PATH, body)
    assert told == (409, "not-closed", "2022Q1还没有结账，请先结账。")
    await quarters.close("2022Q1")
    await quarters.notice("2022Q1")
    told = await refused(quarters, quarters.on(APRIL), PATH, body)
    assert told == (409, "already-noticed", "2022Q1已于2022-04-06公示，不能再次公示。")


async def ids(client: Any) -> list[str]:
    return [each["branch"] for each in (await client.get("/notices")).json()["items"]]


async def test_staff_read_every_notice_and_a_recorder_those_of_the_own_branches(quarters: Quarters) -> None:
    await noticed(quarters)
    county, (first, second) = quarters.county, quarters.branches
    assert await ids(county.client("desk")) == await ids(county.client("auditor")) == [first, second]
    assert await ids(county.client("recorder", organisations=[second])) == [second]
    assert (await county.client("mediator").get("/notices")).status_code == 403


async def test_a_member_reads_the_notices_of_the_own_branch_and_those_with_the_own_name(quarters: Quarters) -> None:
    await noticed(quarters)
    county, (first, second), person = quarters.county, quarters.branches, quarters.people[0]
    assert await ids(county.client("member", person=person)) == [first]
    moved = Belonging(2, (Membership(second, home=True, since=LONG_AGO, until=None),))
    await quarters.tell(person, moved)
    assert await ids(county.client("member", person=person)) == [first, second]
    assert await ids(county.client("member", person=new_id())) == []
    assert (await county.client("member").get("/notices")).status_code == 403


async def test_whoever_was_entered_twice_reads_the_notices_of_the_entry_that_goes_on(quarters: Quarters) -> None:
    await noticed(quarters)
    person, goes_on = quarters.people[0], quarters.people[2]
    await quarters.tell(person, Life(2, (Held("A", LONG_AGO),), merged_into=goes_on))
    assert await ids(quarters.county.client("member", person=person)) == quarters.branches
    assert await ids(quarters.county.client("member", person=goes_on)) == [quarters.branches[1]]


async def test_who_was_entered_twice_is_on_the_notice_once(quarters: Quarters) -> None:
    await quarters.settle("2022Q1", "2022Q2")
    await quarters.close("2022Q1")
    person, goes_on = quarters.people[0], quarters.people[1]
    await quarters.tell(person, Life(2, (Held("A", LONG_AGO),), merged_into=goes_on))
    await quarters.notice("2022Q1")
    first, _ = await quarters.told("scoring.notice")
    assert [each["person"] for each in first["data"]["people"]] == [goes_on]


async def test_one_notice_is_read_whole_by_those_who_may(quarters: Quarters) -> None:
    first, second = await noticed(quarters)
    recorder = quarters.county.client("recorder", organisations=[quarters.branches[0]])
    read = (await recorder.get(f"/notices/{first['subject']}")).json()
    assert {key: read[key] for key in first["data"]} == first["data"]
    assert (await recorder.get(f"/notices/{second['subject']}")).json()["type"] == "/problems/notice-not-found"


async def test_notices_come_page_by_page_and_of_one_quarter(quarters: Quarters) -> None:
    await noticed(quarters)
    desk = quarters.county.client("desk")
    page = (await desk.get("/notices", limit=1)).json()
    rest = (await desk.get("/notices", limit=1, cursor=page["next"])).json()
    assert [each["branch"] for each in page["items"] + rest["items"]] == quarters.branches
    assert (rest["next"], (await desk.get("/notices", period="2022Q2")).json()["items"]) == (None, [])
