"""Lists and searches: who is found by what, page by page, and what a search leaves behind."""

from typing import Any

import pytest

from services.registry.people.clerk import PHONE, body, identity, problem, search
from support.front import Front


async def test_both_forms_of_an_identity_number_find_the_person(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    short = identity()[:6] + identity()[8:17]
    for form in (identity(), short):
        assert await search(desk, "identity", form) == ["桃溪望春"]
    traced = [("person.search", "all", "identity"), ("person.find", person, "identity")]
    assert [(line["action"], line["subject"], line["field"]) for line in await settled.trail()] == traced * 2


async def test_a_search_that_finds_nobody_leaves_a_trace_without_what_was_typed(settled: Front) -> None:
    desk = settled.client()
    assert [await search(desk, *asked) for asked in (("phone", PHONE), ("name", "桃溪"))] == [[], []]
    lines = [dict(line) for line in await settled.trail()]
    assert [(line["action"], line["field"]) for line in lines] == [
        ("person.search", "phone"),
        ("person.search", "name"),
    ]
    assert PHONE not in str(lines)
    assert "桃溪" not in str(lines)


async def test_a_phone_finds_everybody_who_shares_it(settled: Front) -> None:
    desk = settled.client()
    for order, name in ((1, "松涧谷雨"), (2, "竹坞清和")):
        await desk.made("/people", body(identity_number=identity(order), name=name))
    assert await search(desk, "phone", "109-0001-0009") == ["松涧谷雨", "竹坞清和"]


async def test_pages_follow_the_names_without_gap_or_repeat(settled: Front) -> None:
    desk = settled.client()
    names = ["桃溪望春", "竹坞清和", "云岫立春", "竹坞清和", "松涧谷雨"]
    for order, name in enumerate(names):
        await desk.made("/people", body(identity_number=identity(order), name=name))
    read: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = (await desk.get("/people", **query)).json()
        read += [person["name"] for person in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert read == sorted(names)


async def test_the_list_is_narrowed_by_kind_and_status(settled: Front) -> None:
    desk = settled.client()
    await desk.made("/people", body())
    await desk.made("/people", body(identity_number=identity(2), name="竹坞清和", kind="lixiu"))
    lixiu = (await desk.get("/people", kind="lixiu")).json()["items"]
    assert [person["name"] for person in lixiu] == ["竹坞清和"]
    assert (await desk.get("/people", status="died")).json()["items"] == []


async def test_a_name_is_found_by_how_it_begins_page_by_page(settled: Front) -> None:
    desk = settled.client()
    for order, name in enumerate(("桃溪望春", "竹坞清和", "竹坞立春")):
        await desk.made("/people", body(identity_number=identity(order), name=name))
    assert await search(desk, "name", "竹坞") == ["竹坞清和", "竹坞立春"]
    assert [await search(desk, "name", text) for text in ("%", "清和")] == [[], []]
    sought = {"field": "name", "text": "竹坞"}
    first = (await desk.http.post("/people/searches", json=sought, params={"limit": 1})).json()
    assert await search(desk, "name", "竹坞", limit=1, cursor=first["next"]) == ["竹坞立春"]


async def test_no_address_takes_a_name(settled: Front) -> None:
    taking = settled.app.openapi()["paths"]["/api/v1/people"]["get"]["parameters"]
    assert {parameter["name"] for parameter in taking if parameter["in"] == "query"} == {
        "limit", "cursor", "kind", "status", "merged"
    }  # fmt: skip


@pytest.mark.parametrize("cursor", ["x", "WzFd", "bnVsbA", "WyInIl0"])
async def test_a_cursor_that_is_none_of_ours_is_refused(settled: Front, cursor: str) -> None:
    assert problem(await settled.client().get("/people", cursor=cursor)) == (400, "bad-cursor")
