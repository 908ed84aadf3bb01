from typing import Any

import pytest

from registry.organisations.domain import Kind
from support.books import Books, new_id
from support.desk import Desk, slug

NULLS = "WyIyMDIyLTAxLTAxIiwgIlx1MDAwMCJd"  # ["2022-01-01", "\\u0000"]


async def test_a_person_joins_is_transferred_and_leaves(desk: Desk, books: Books) -> None:
    east, west = await books.found(), await books.found()
    (person,) = await books.people(1)
    home = {"organisation": east.id, "kind": "home", "since": "2022-03-01"}
    assert (await desk.post(f"/people/{person}/memberships", home)).json() == {"id": person}
    transfer = {"organisation": west.id, "on": "2022-05-01"}
    assert (await desk.post(f"/people/{person}/transfers", transfer)).status_code == 201
    ending = await desk.post(f"/people/{person}/memberships/{west.id}/ending", {"on": "2022-06-01"})
    assert ending.status_code == 201
    assert (await desk.get(f"/people/{person}/memberships")).json()["items"] == [
        {"organisation": east.id, "name": "示例组织", "kind": "home", "since": "2022-03-01", "until": "2022-05-01"},
        {"organisation": west.id, "name": "示例组织", "kind": "home", "since": "2022-05-01", "until": "2022-06-01"},
    ]


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"kind": "guest"}, 422, "invalid-input"),
        ({"since": "yesterday"}, 422, "invalid-input"),
        ({"since": "2999-01-01"}, 422, "wrong-day"),
        ({"since": "2001-01-01"}, 422, "wrong-day"),
        ({"organisation": "0190a000-0000-7000-8000-000000000001"}, 422, "unknown-organisation"),
    ],
)
async def test_bad_input_has_its_own_answer(
    desk: Desk, books: Books, fields: dict[str, Any], status: int, problem: str
) -> None:
    branch = await books.found()
    (person,) = await books.people(1)
    body = {"organisation": branch.id, "kind": "home", "since": "2022-03-01"} | fields
    assert slug(await desk.post(f"/people/{person}/memberships", body)) == (status, problem)


async def test_an_unknown_person_is_not_found(desk: Desk, books: Books) -> None:
    body = {"organisation": (await books.found()).id, "kind": "home", "since": "2022-03-01"}
    assert slug(await desk.post(f"/people/{new_id()}/memberships", body)) == (404, "unknown-person")


async def test_a_second_home_is_refused(desk: Desk, books: Books) -> None:
    (person,) = await books.members(await books.found(), 1)
    body = {"organisation": (await books.found()).id, "kind": "home", "since": "2022-03-01"}
    assert slug(await desk.post(f"/people/{person}/memberships", body)) == (409, "already-member")


async def test_a_group_is_no_home(desk: Desk, books: Books) -> None:
    group = await books.found(Kind.GROUP, await books.found())
    (person,) = await books.people(1)
    body = {"organisation": group.id, "kind": "home", "since": "2022-03-01"}
    assert slug(await desk.post(f"/people/{person}/memberships", body)) == (422, "wrong-organisation")


async def test_who_belongs_nowhere_cannot_be_transferred(desk: Desk, books: Books) -> None:
    (person,) = await books.people(1)
    body = {"organisation": (await books.found()).id, "on": "2022-05-01"}
    assert slug(await desk.post(f"/people/{person}/transfers", body)) == (409, "not-member")


async def test_the_members_of_a_day_go_page_by_page_with_their_names(desk: Desk, books: Books) -> None:
    branch = await books.found()
    members = await books.members(branch, 3)
    first = (await desk.get(f"/branches/{branch.id}/members", limit=2)).json()
    second = (await desk.get(f"/branches/{branch.id}/members", limit=2, cursor=first["next"])).json()
    assert [item["person"] for item in first["items"] + second["items"]] == sorted(members)
    assert (first["items"][0]["name"], second["next"]) == ("示例姓名", None)
    before = await desk.get(f"/branches/{branch.id}/members", on="2009-12-31")
    assert before.json()["items"] == []


async def test_a_recorder_lists_the_own_branch_only(desk: Desk, books: Books) -> None:
    own, other = await books.found(), await books.found()
    recorder = desk.asked_by(books.principal("recorder", own.id))
    assert (await recorder.get(f"/branches/{own.id}/members")).status_code == 200
    assert slug(await recorder.get(f"/branches/{other.id}/members"))[0] == 403


async def test_a_member_sees_nobodys_names(desk: Desk, books: Books) -> None:
    branch = await books.found()
    assert slug(await desk.asked_by(books.principal("member")).get(f"/branches/{branch.id}/members"))[0] == 403


async def test_another_countys_branch_is_not_found(desk: Desk, books: Books) -> None:
    stranger = Books(books.sessions)
    await stranger.open()
    branch = await stranger.found()
    assert slug(await desk.get(f"/branches/{branch.id}/members")) == (404, "no-such-organisation")


async def test_a_cursor_of_nobodys_making_is_refused(desk: Desk, books: Books) -> None:
    (person,) = await books.people(1)
    for cursor in ("!", "WzEsMl0", "WyJ4IiwieSJd", "bnVsbA", NULLS):
        assert slug(await desk.get(f"/people/{person}/memberships", cursor=cursor)) == (400, "bad-cursor")


async def test_a_seat_is_taken_and_given_up(desk: Desk, books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    seat = {"person": person, "since": "2022-01-01"}
    assert (await desk.post(f"/branches/{branch.id}/committee", seat)).status_code == 201
    assert slug(await desk.post(f"/branches/{branch.id}/committee", seat)) == (409, "already-member")
    ending = await desk.post(f"/branches/{branch.id}/committee/{person}/ending", {"on": "2022-05-01"})
    assert ending.status_code == 201
