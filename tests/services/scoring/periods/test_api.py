"""Periods over HTTP."""

from datetime import date

import orjson
import pytest

from scoring.ids import PersonId
from scoring.ledger.domain.standing import Life
from services.scoring.counties import County
from services.scoring.envelopes import new_id, news
from services.scoring.histories import DOCUMENT, SECOND


async def test_an_opened_period_is_listed_and_told_with_its_book(county: County) -> None:
    admin = county.client("county_admin")
    book = await county.adopt(DOCUMENT)
    assert await admin.made("/periods", {"period": "2022Q1", "book": book}) == "2022Q1"
    (period,) = (await admin.get("/periods")).json()["items"]
    assert (period["starts_on"], period["ends_on"], period["book"]) == ("2022-01-01", "2022-03-31", book)
    rows = await county.rows(
        "SELECT value FROM journal WHERE county = :county AND topic <> 'scoring.points' ORDER BY id"
    )
    told = [orjson.loads(row.value) for row in rows]
    assert [(e["type"], e["aggregateversion"]) for e in told] == [
        ("rulebook.adopted.v1", 1),
        ("period.opened.v1", 1),
        ("rulebook.bound.v1", 2),
    ]
    assert told[2]["data"]["periods"] == [{"period": "2022Q1"}]


async def test_a_quarter_that_has_not_begun_is_not_opened(county: County) -> None:
    book = await county.adopt(DOCUMENT)
    march = county.at(date(2022, 3, 31))
    early = await march.post("/periods", {"period": "2022Q2", "book": book})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/not-begun")
    assert (await march.get("/periods")).json()["items"] == []
    assert await county.at(date(2022, 4, 1)).made("/periods", {"period": "2022Q2", "book": book}) == "2022Q2"


async def test_the_list_says_how_many_accounts_the_opening_has_still_to_reach(county: County) -> None:
    await county.apply([news(county.id, PersonId(new_id()), Life(1)) for _ in range(3)])
    await county.open("2022Q1", await county.adopt(DOCUMENT))
    before = (await county.client("desk").get("/periods")).json()["items"][0]
    while await county.sweep():
        pass
    after = (await county.client("desk").get("/periods")).json()["items"][0]
    assert (before["accounts"], before["pending"], after["pending"]) == (3, 3, 0)


@pytest.mark.parametrize(
    ("period", "status", "slug"),
    [("2022Q2", 409, "already-open"), ("2022Q1", 422, "book-too-young"), ("2022Q5", 422, "invalid-input")],
)
async def test_what_cannot_be_opened_is_told_why(county: County, period: str, status: int, slug: str) -> None:
    book = await county.adopt(SECOND)
    await county.open("2022Q2", book)
    answer = await county.client("county_admin").post("/periods", {"period": period, "book": book})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


async def test_a_period_is_not_opened_under_a_book_that_does_not_exist(county: County) -> None:
    answer = await county.client("county_admin").post("/periods", {"period": "2022Q1", "book": new_id()})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/book-not-found")


@pytest.mark.parametrize("role", ["desk", "recorder", "member", "mediator", "auditor", "operator"])
async def test_only_the_county_admin_opens(county: County, role: str) -> None:
    body = {"period": "2022Q1", "book": await county.adopt(DOCUMENT)}
    assert (await county.client(role).post("/periods", body)).status_code == 403


async def test_periods_come_page_by_page(county: County) -> None:
    book = await county.adopt(DOCUMENT)
    for period in ("2022Q3", "2022Q1", "2022Q2"):
        await county.open(period, book)
    desk = county.client("desk")
    page = (await desk.get("/periods", limit=2)).json()
    rest = (await desk.get("/periods", limit=2, cursor=page["next"])).json()
    assert [period["period"] for period in page["items"] + rest["items"]] == ["2022Q1", "2022Q2", "2022Q3"]
