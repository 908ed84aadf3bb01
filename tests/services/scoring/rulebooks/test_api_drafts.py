"""A draft over HTTP: corrected by its drafter, adopted by somebody else, or discarded."""

import asyncio
from typing import Any

import orjson
import pytest

from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.histories import DOCUMENT

CORRECTED = {**DOCUMENT, "title": "改过的办法"}
REFUSED = {**DOCUMENT, "starts_on": "2022-02-01"}
ADOPTION = {"revision": 1}


async def events(county: County) -> list[dict[str, Any]]:
    rows = await county.rows(
        "SELECT value FROM journal WHERE county = :county AND topic = 'scoring.rulebook' ORDER BY id"
    )
    return [orjson.loads(row.value) for row in rows]


async def state(county: County, book: str) -> tuple[str, int]:
    kept = (await county.client().get(f"/books/{book}")).json()
    return kept["state"], kept["revision"]


async def test_a_second_admin_adopts_and_only_then_it_is_told(county: County) -> None:
    book = await county.draft(DOCUMENT)
    answer = await county.client("county_admin").post(f"/books/{book}/adoption", ADOPTION)
    assert (answer.status_code, answer.json(), answer.headers["ETag"]) == (201, {"id": book}, '"2"')
    (event,) = await events(county)
    told = (event["type"], event["subject"], event["aggregateversion"], event["data"]["book"], event["data"]["periods"])
    assert told == ("rulebook.adopted.v1", book, 1, DOCUMENT, [])
    assert await state(county, book) == ("adopted", 2)


async def test_nobody_adopts_their_own_draft(county: County) -> None:
    admin = county.client("county_admin")
    book = await admin.made("/books", DOCUMENT)
    answer = await admin.post(f"/books/{book}/adoption", ADOPTION)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/own-draft")
    assert (await state(county, book), await events(county)) == (("draft", 1), [])


async def test_a_draft_that_was_replaced_is_not_adopted_unseen(county: County) -> None:
    drafter = county.client("county_admin")
    book = await drafter.made("/books", DOCUMENT)
    replaced = await drafter.http.put(f"/books/{book}", json=CORRECTED, headers={"If-Match": '"1"'})
    assert (replaced.status_code, replaced.headers["ETag"], replaced.json()["document"]) == (200, '"2"', CORRECTED)
    second = county.client("county_admin")
    assert (await second.post(f"/books/{book}/adoption", ADOPTION)).status_code == 412
    assert (await second.post(f"/books/{book}/adoption", {"revision": 2})).status_code == 201
    assert [event["data"]["book"] for event in await events(county)] == [CORRECTED]


async def test_a_corrected_draft_is_linted_again(county: County) -> None:
    drafter = county.client("county_admin")
    book = await drafter.made("/books", DOCUMENT)
    answer = await drafter.http.put(f"/books/{book}", json=REFUSED, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/book-refused")
    assert await state(county, book) == ("draft", 1)


@pytest.mark.parametrize(("etag", "status"), [(None, 428), ('"7"', 412), ('"one"', 412)])
async def test_a_correction_names_the_text_that_it_corrects(county: County, etag: str | None, status: int) -> None:
    drafter = county.client("county_admin")
    book = await drafter.made("/books", DOCUMENT)
    headers = {"If-Match": etag} if etag else {}
    assert (await drafter.http.put(f"/books/{book}", json=CORRECTED, headers=headers)).status_code == status


async def test_nobody_rewrites_somebody_elses_draft(county: County) -> None:
    book = await county.draft(DOCUMENT)
    other = county.client("county_admin")
    answer = await other.http.put(f"/books/{book}", json=CORRECTED, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/somebody-elses-draft")


async def test_what_was_adopted_never_changes(county: County) -> None:
    drafter, second = county.client("county_admin"), county.client("county_admin")
    book = await drafter.made("/books", DOCUMENT)
    await second.made(f"/books/{book}/adoption", ADOPTION)
    answers = [
        await drafter.http.put(f"/books/{book}", json=CORRECTED, headers={"If-Match": '"2"'}),
        await drafter.post(f"/books/{book}/discarding", None),
        await county.client("county_admin").post(f"/books/{book}/adoption", {"revision": 2}),
    ]
    assert {(answer.status_code, answer.json()["type"]) for answer in answers} == {(409, "/problems/not-a-draft")}
    assert "另立新版" in answers[0].json()["detail"]
    assert len(await events(county)) == 1


async def test_a_discarded_draft_stays_readable_and_is_nothing_more(county: County) -> None:
    book = await county.draft(DOCUMENT)
    await county.client("county_admin").made(f"/books/{book}/discarding", None)
    assert await state(county, book) == ("discarded", 2)
    answer = await county.client("county_admin").post(f"/books/{book}/adoption", {"revision": 2})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-a-draft")


@pytest.mark.parametrize("discard", [True, False])
async def test_only_an_adopted_book_rules_a_quarter(county: County, discard: bool) -> None:
    book, admin = await county.draft(DOCUMENT), county.client("county_admin")
    if discard:
        await admin.made(f"/books/{book}/discarding", None)
    answer = await admin.post("/periods", {"period": "2022Q1", "book": book})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-adopted")
    assert (await admin.get("/periods")).json()["items"] == []


async def test_an_adopted_version_is_not_drafted_again(county: County) -> None:
    await county.adopt(DOCUMENT)
    answer = await county.client("county_admin").post("/books", CORRECTED)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/version-taken")
    own = county.client("county_admin")
    book = await own.made("/books", {**DOCUMENT, "version": 2})
    answer = await own.http.put(f"/books/{book}", json=DOCUMENT, headers={"If-Match": '"1"'})
    assert answer.json()["type"] == "/problems/version-taken"


async def test_of_two_drafts_of_a_version_one_is_adopted(county: County) -> None:
    books = [await county.draft(document) for document in (DOCUMENT, CORRECTED)]
    admins = [county.client("county_admin") for _ in books]
    answers = await asyncio.gather(
        *(admin.post(f"/books/{book}/adoption", ADOPTION) for admin, book in zip(admins, books, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert "/problems/version-taken" in {answer.json().get("type") for answer in answers}
    assert len(await events(county)) == 1


async def test_two_who_adopt_one_draft_adopt_it_once(county: County) -> None:
    book = await county.draft(DOCUMENT)
    admins = [county.client("county_admin") for _ in range(2)]
    answers = await asyncio.gather(*(admin.post(f"/books/{book}/adoption", ADOPTION) for admin in admins))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(await events(county)) == 1


@pytest.mark.parametrize("body", [None, {}, {"revision": 0}, {"revision": 2**40}, {"revision": None}])
async def test_an_adoption_says_what_was_read(county: County, body: object) -> None:
    book = await county.draft(DOCUMENT)
    assert (await county.client("county_admin").post(f"/books/{book}/adoption", body)).status_code == 422


@pytest.mark.parametrize("role", ["desk", "recorder", "member", "mediator", "auditor", "operator"])
async def test_only_the_county_admin_decides_about_a_draft(county: County, role: str) -> None:
    book, somebody = await county.draft(DOCUMENT), county.client(role)
    assert (await somebody.post(f"/books/{book}/adoption", ADOPTION)).status_code == 403
    assert (await somebody.post(f"/books/{book}/discarding", None)).status_code == 403
    answer = await somebody.http.put(f"/books/{book}", json=CORRECTED, headers={"If-Match": '"1"'})
    assert answer.status_code == 403


async def test_a_book_that_is_not_there_is_not_adopted(county: County) -> None:
    answer = await county.client("county_admin").post(f"/books/{new_id()}/adoption", ADOPTION)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/book-not-found")
