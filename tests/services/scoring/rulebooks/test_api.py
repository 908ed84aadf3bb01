"""Books over HTTP."""

from typing import Any

import orjson
import pytest

from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.histories import DOCUMENT

REFUSED = {
    **DOCUMENT,
    "starts_on": "2022-02-01",
    "items": [{**DOCUMENT["items"][0], "event": "user.login"}, *DOCUMENT["items"][1:]],
}


async def test_a_draft_is_kept_word_for_word_and_not_told(county: County) -> None:
    book = await county.client("county_admin").made("/books", DOCUMENT)
    kept = (await county.client("desk").get(f"/books/{book}")).json()
    assert (kept["document"], kept["periods"], kept["state"], kept["adopted_at"]) == (DOCUMENT, [], "draft", None)
    assert await county.rows("SELECT 1 FROM journal WHERE county = :county AND topic = 'scoring.rulebook'") == []


async def test_a_refused_book_is_told_every_reason_and_nothing_is_kept(county: County) -> None:
    answer = await county.client("county_admin").post("/books", REFUSED)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/book-refused")
    assert {error["field"] for error in answer.json()["errors"]} == {"starts_on", "items[0].event"}
    assert "“登录”不能计分" in answer.text
    assert (await county.client("desk").get("/books")).json()["items"] == []


@pytest.mark.parametrize("body", [[], "book", {}, {"items": None}])
async def test_what_is_no_book_is_refused(county: County, body: object) -> None:
    assert (await county.client("county_admin").post("/books", body)).status_code == 422


def as_long_as_may_be() -> dict[str, Any]:
    """A book with as many items as the size allows; names in Chinese take three bytes a character."""
    many = [
        {
            **DOCUMENT["items"][1],
            "code": f"lesson-{n}",
            "name": "党课" * 50,
            "kinds": [f"kind-{n}-{m}" for m in range(40)],
        }
        for n in range(200)
    ]
    size = len(orjson.dumps(many[0])) + 100
    return {**DOCUMENT, "items": many[: 256 * 1024 // size - 2]}


async def test_the_longest_book_can_be_told_and_a_longer_one_is_refused_in_plain_words(county: County) -> None:
    admin, longest = county.client("county_admin"), as_long_as_may_be()
    longer = {**longest, "version": 2, "items": [{**item, "themes": item["kinds"]} for item in longest["items"]]}
    answer = await admin.post("/books", longer)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/book-refused")
    assert "不超过256KB" in answer.text
    await admin.made("/books", longest)


async def test_the_same_request_twice_drafts_once(county: County) -> None:
    admin = county.client("county_admin")
    first, second = [await admin.post("/books", DOCUMENT, "the-same-key") for _ in range(2)]
    assert (first.json(), first.status_code) == (second.json(), second.status_code)
    assert len((await admin.get("/books")).json()["items"]) == 1


async def test_a_key_for_another_book_is_refused(county: County) -> None:
    admin = county.client("county_admin")
    await admin.post("/books", DOCUMENT, "the-same-key")
    answer = await admin.post("/books", {**DOCUMENT, "version": 2}, "the-same-key")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_books_come_page_by_page(county: County) -> None:
    admin = county.client("county_admin")
    made = [await admin.made("/books", {**DOCUMENT, "version": version}) for version in (1, 2, 3)]
    page = (await admin.get("/books", limit=2)).json()
    rest = (await admin.get("/books", limit=2, cursor=page["next"])).json()
    assert [book["id"] for book in page["items"] + rest["items"]] == made
    assert rest["next"] is None


@pytest.mark.parametrize("role", ["desk", "recorder", "member", "mediator", "auditor", "operator"])
async def test_only_the_county_admin_drafts(county: County, role: str) -> None:
    assert (await county.client(role).post("/books", DOCUMENT)).status_code == 403


async def test_another_county_does_not_find_the_book(county: County) -> None:
    book = await county.client("county_admin").made("/books", DOCUMENT)
    assert (await county.client("desk", of=new_id()).get(f"/books/{book}")).status_code == 404


async def test_a_county_that_scoring_has_not_heard_of_is_asked_to_wait(county: County) -> None:
    answer = await county.client("county_admin", of=new_id()).post("/books", DOCUMENT)
    assert (answer.status_code, answer.json()["type"], answer.headers["Retry-After"]) == (
        409,
        "/problems/not-known-yet",
        "5",
    )
