"""The preview of a book over HTTP."""

from datetime import date
from typing import Any

import pytest

from scoring.ids import PersonId
from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.quarters import BOOK, Quarters
from support.front import Client

FEBRUARY = date(2022, 2, 9)
LESSON = next(item for item in BOOK["items"] if "lesson" in item.get("kinds", []))
PERIOD = "2022Q1"


async def settled(county: County, **changes: Any) -> tuple[Quarters, str]:
    """Three people, of whom the first came to a lesson, and a draft with these changes."""
    quarters = Quarters(county)
    await quarters.settle(PERIOD)
    await quarters.lesson(quarters.people[0], FEBRUARY)
    return quarters, await county.draft({**BOOK, "version": 2, **changes})


def dearer(by: int) -> dict[str, Any]:
    """The book with lessons worth more."""
    dear = {**LESSON, "value_tenths": LESSON["value_tenths"] + by}
    return {"items": [dear if item is LESSON else item for item in BOOK["items"]]}


async def asked(county: County, book: str, by: Client | None = None, **query: Any) -> dict[str, Any]:
    answer = await (by or county.client()).get(f"/books/{book}/preview", **{"period": PERIOD, **query})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_who_gains_is_told_and_why(county: County) -> None:
    quarters, draft = await settled(county, **dearer(5))
    told = await asked(county, draft)
    assert [item["person"] for item in told["items"]] == quarters.people
    first, *others = told["items"]
    assert (first["verdict"], first["after_tenths"] - first["before_tenths"]) == ("gains", 5)
    (change,) = first["changes"]
    assert (change["code"], change["after_tenths"] - change["before_tenths"]) == (LESSON["code"], 5)
    assert change["arithmetic_before"] != change["arithmetic_after"]
    assert [(item["verdict"], item["changes"]) for item in others] == [("same", [])] * 2


async def test_everybody_together_comes_with_the_first_page_only(county: County) -> None:
    quarters, draft = await settled(county, base_tenths={"A": BOOK["base_tenths"]["A"] - 10})
    first = await asked(county, draft, limit=2)
    rest = await asked(county, draft, limit=2, cursor=first["next"])
    assert [item["person"] for item in first["items"] + rest["items"]] == quarters.people
    assert first["county"]["people"] == {"loses": 3}
    assert first["county"]["after_tenths"] - first["county"]["before_tenths"] == -30
    assert (rest["county"], rest["next"]) == (None, None)


async def test_who_is_out_of_scope_under_the_draft_leaves(county: County) -> None:
    _, draft = await settled(county, base_tenths={"B": 600})
    told = await asked(county, draft)
    assert {(item["verdict"], item["after_tenths"]) for item in told["items"]} == {("leaves", None)}


async def test_a_preview_changes_nothing(county: County) -> None:
    async def everything() -> list[Any]:
        tables = ("accounts", "facts", "cells", "lines", "books", "journal")
        return [await county.rows(f"SELECT * FROM {table} WHERE county = :county") for table in tables]  # noqa: S608

    _, draft = await settled(county, **dearer(5))
    before = await everything()
    await asked(county, draft)
    assert await everything() == before


async def test_the_book_in_force_changes_nothing_for_anybody(county: County) -> None:
    quarters = Quarters(county)
    book = await quarters.settle(PERIOD)
    await quarters.lesson(quarters.people[0], FEBRUARY)
    assert (await asked(county, book))["county"]["people"] == {"same": 3}


@pytest.mark.parametrize("role", ["county_admin", "desk", "auditor"])
async def test_staff_may_look(county: County, role: str) -> None:
    _, draft = await settled(county)
    await asked(county, draft, county.client(role))


@pytest.mark.parametrize("role", ["recorder", "member", "mediator", "operator"])
async def test_nobody_else_may(county: County, role: str) -> None:
    quarters, draft = await settled(county)
    somebody = county.client(role, organisations=quarters.branches, person=PersonId(quarters.people[0]))
    assert (await somebody.get(f"/books/{draft}/preview", period=PERIOD)).status_code == 403


async def test_what_is_not_there_is_not_previewed(county: County) -> None:
    _, draft = await settled(county)
    desk = county.client()
    answers = [
        await desk.get(f"/books/{new_id()}/preview", period=PERIOD),
        await desk.get(f"/books/{draft}/preview", period="2022Q3"),
        await desk.get(f"/books/{draft}/preview", period="2022"),
        await desk.get(f"/books/{draft}/preview"),
        await desk.get(f"/books/{draft}/preview", period=PERIOD, cursor="WzFd"),
        await county.client(of=new_id()).get(f"/books/{draft}/preview", period=PERIOD),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 422, 422, 400, 404]
