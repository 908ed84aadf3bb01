from typing import Any

import pytest

from registry.organisations.domain import Kind
from support.books import Books, new_id
from support.desk import Desk, slug

BUREAU = {"kind": "bureau", "name": "县委老干部局", "founded_on": "1984-05-01"}


async def founded(desk: Desk, **fields: Any) -> str:
    answer = await desk.post("/organisations", BUREAU | fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_what_was_founded_can_be_read(desk: Desk) -> None:
    id_ = await founded(desk, host="sunshine-home")
    answer = await desk.get(f"/organisations/{id_}")
    assert answer.headers["etag"] == '"1"'
    assert answer.json() == BUREAU | {
        "id": id_,
        "host": "sunshine-home",
        "parents": [{"parent": None, "since": "1984-05-01"}],
    }


async def test_a_change_names_the_version_it_has_seen(desk: Desk) -> None:
    id_ = await founded(desk)
    answer = await desk.patch(f"/organisations/{id_}", {"name": "新名"}, '"1"')
    assert (answer.status_code, answer.headers["etag"], answer.json()["name"]) == (200, '"2"', "新名")
    assert slug(await desk.patch(f"/organisations/{id_}", {"name": "再新"}, '"1"')) == (412, "stale-version")
    assert slug(await desk.patch(f"/organisations/{id_}", {"name": "再新"}, None)) == (428, "if-match-missing")


async def test_what_a_change_does_not_name_stays(desk: Desk) -> None:
    id_ = await founded(desk, host="sunshine-home")
    assert (await desk.patch(f"/organisations/{id_}", {"name": "新名"}, '"1"')).json()["host"] == "sunshine-home"
    assert (await desk.patch(f"/organisations/{id_}", {"host": None}, '"2"')).json()["host"] is None


async def test_a_branch_hangs_below_a_bureau_from_a_day_on(desk: Desk) -> None:
    bureau, branch = await founded(desk), await founded(desk, kind="branch")
    link = {"link": {"parent": bureau, "since": "2022-05-01"}}
    answer = await desk.patch(f"/organisations/{branch}", link, '"1"')
    assert answer.json()["parents"][-1] == {"parent": bureau, "since": "2022-05-01"}


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"kind": "club"}, 422, "invalid-input"),
        ({"colour": "red"}, 422, "invalid-input"),
        ({"founded_on": "2999-01-01"}, 422, "wrong-founding"),
        ({"host": "nowhere"}, 422, "wrong-code"),
        ({"parent": "0190a000-0000-7000-8000-000000000001"}, 422, "unknown-organisation"),
        ({"kind": "group"}, 422, "wrong-parent"),
    ],
)
async def test_bad_input_has_its_own_answer(desk: Desk, fields: dict[str, Any], status: int, problem: str) -> None:
    assert slug(await desk.post("/organisations", BUREAU | fields)) == (status, problem)


async def test_an_unknown_one_is_not_found(desk: Desk) -> None:
    assert slug(await desk.get(f"/organisations/{new_id()}")) == (404, "no-such-organisation")
    assert slug(await desk.patch(f"/organisations/{new_id()}", {"name": "新"}, '"1"')) == (404, "no-such-organisation")


async def test_the_list_goes_page_by_page_in_the_order_of_entry(desk: Desk) -> None:
    ids = [await founded(desk, name=f"第{number}局") for number in range(5)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await desk.get("/organisations", limit=2, **cursor)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == ids


async def test_the_list_can_be_of_one_kind(desk: Desk, books: Books) -> None:
    await books.found(Kind.BUREAU)
    branch = await books.found(Kind.BRANCH)
    assert [item["id"] for item in (await desk.get("/organisations", kind="branch")).json()["items"]] == [branch.id]


async def test_another_county_sees_none_of_it(desk: Desk, books: Books) -> None:
    id_ = await founded(desk)
    stranger = Books(books.sessions)
    await stranger.open()
    there = desk.asked_by(stranger.desk)
    assert slug(await there.get(f"/organisations/{id_}")) == (404, "no-such-organisation")
    assert (await there.get("/organisations")).json()["items"] == []


async def test_a_mediator_founds_nothing(desk: Desk, books: Books) -> None:
    assert slug(await desk.asked_by(books.principal("mediator")).post("/organisations", BUREAU))[0] == 403


async def test_the_same_key_founds_once(desk: Desk) -> None:
    key = new_id()
    first, second = await desk.post("/organisations", BUREAU, key), await desk.post("/organisations", BUREAU, key)
    assert first.json() == second.json()
    other = await desk.post("/organisations", BUREAU | {"name": "另一个"}, key)
    assert slug(other) == (422, "idempotency-key-reused")
