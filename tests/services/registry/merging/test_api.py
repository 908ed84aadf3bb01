"""Merging over HTTP, and where an entry that ended still shows: alone, with the one that goes on."""

from typing import Any

import pytest
import pytest_asyncio

from registry.identity.domain import check_digit
from registry.users.domain import Role
from support.books import new_id
from support.front import Client, Front


def identity(order: int) -> str:
    first17 = f"99910119400101{order:03d}"
    return first17 + check_digit(first17)


def body(order: int, **fields: Any) -> dict[str, Any]:
    told = {"identity_number": identity(order), "kind": "tuixiu", "party_member": True}
    return {"name": f"桃溪{'甲乙丙'[order]}", **told, **fields}


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def names(client: Client, **query: Any) -> list[str]:
    return [person["name"] for person in (await client.get("/people", **query)).json()["items"]]


@pytest_asyncio.fixture
async def pair(front: Front) -> tuple[str, str]:
    """The entry that will end, and the one that goes on."""
    ended, into = [await front.client().made("/people", body(order)) for order in (0, 1)]
    return ended, into


async def test_a_merge_answers_the_entry_that_ended(front: Front, pair: tuple[str, str]) -> None:
    ended, into = pair
    answer = await front.client().post(f"/people/{ended}/merging", {"into": into})
    assert (answer.status_code, answer.json(), answer.headers["ETag"]) == (201, {"id": ended}, '"2"')


async def test_the_same_request_again_is_the_same_answer(front: Front, pair: tuple[str, str]) -> None:
    ended, into = pair
    desk, key = front.client(), new_id()
    first, again = [await desk.post(f"/people/{ended}/merging", {"into": into}, key) for _ in range(2)]
    assert (again.status_code, again.json()) == (first.status_code, first.json()) == (201, {"id": ended})
    assert len(await front.events("registry.person")) == 3


async def test_an_entry_that_ended_shows_which_one_goes_on(front: Front, pair: tuple[str, str]) -> None:
    ended, into = pair
    desk = front.client()
    assert (await desk.get(f"/people/{ended}")).json()["merged_into"] is None
    await desk.made(f"/people/{ended}/merging", {"into": into})
    assert (await desk.get(f"/people/{ended}")).json()["merged_into"] == into
    assert (await desk.get(f"/people/{into}")).json()["merged_into"] is None


async def test_lists_leave_out_what_was_merged_unless_asked(front: Front, pair: tuple[str, str]) -> None:
    ended, into = pair
    desk = front.client()
    await desk.made(f"/people/{ended}/merging", {"into": into})
    assert await names(desk) == ["桃溪乙"]
    assert sorted(await names(desk, merged="true")) == ["桃溪乙", "桃溪甲"]
    found = await desk.http.post("/people/searches", json={"field": "name", "text": "桃溪"})
    assert [person["id"] for person in found.json()["items"]] == [into]


async def test_the_number_of_an_entry_that_ended_finds_it_with_the_one_that_goes_on(
    front: Front, pair: tuple[str, str]
) -> None:
    ended, into = pair
    desk = front.client()
    await desk.made(f"/people/{ended}/merging", {"into": into})
    found = await desk.http.post("/people/searches", json={"field": "identity", "text": identity(0)})
    assert [(one["id"], one["merged_into"]) for one in found.json()["items"]] == [(ended, into)]


async def test_a_branch_does_not_list_an_entry_that_ended(front: Front, pair: tuple[str, str]) -> None:
    desk, home = front.client(), {"kind": "home", "since": "2015-01-01"}
    founded = {"kind": "branch", "name": "示例支部", "founded_on": "2010-01-01"}
    branch = await desk.made("/organisations", founded)
    for person in pair:
        await desk.made(f"/people/{person}/memberships", {**home, "organisation": branch})
    await desk.made(f"/people/{pair[0]}/merging", {"into": pair[1]})
    members = (await desk.get(f"/branches/{branch}/members", on="2020-01-01")).json()["items"]
    assert [member["person"] for member in members] == [pair[1]]


# The names of tests have to be the same in every process that collects them.
ELSEWHERE = "0190b5a0-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [
        ("patch", "", {"kind": "lixiu"}),
        ("post", "/moves", {"on": "2022-03-01"}),
        ("post", "/death", {"died_on": "2022-03-01"}),
        ("post", "/status-corrections", {"status": "moved", "since": "2022-03-01", "right": None}),
        ("post", "/classes", {"code": "A", "since": "2022-01-01"}),
        ("post", "/capacities", {"code": "A", "since": "2022-01-01"}),
        ("post", "/memberships", {"organisation": new_id(), "kind": "home", "since": "2022-01-01"}),
        ("post", "/transfers", {"organisation": new_id(), "on": "2022-01-01"}),
        ("post", f"/memberships/{ELSEWHERE}/ending", {"on": "2022-01-01"}),
        ("post", "/merging", {"into": new_id()}),
    ],
)
async def test_no_change_of_an_entry_that_ended_is_taken(
    front: Front, pair: tuple[str, str], method: str, path: str, asked: dict[str, Any]
) -> None:
    ended, into = pair
    desk = front.client()
    await desk.made(f"/people/{ended}/merging", {"into": into})
    if path == "/merging":
        asked = {"into": await desk.made("/people", body(2))}
    told = len(await front.events("registry.person"))
    address = f"/people/{ended}{path}"
    answer = await (desk.patch(address, asked, '"2"') if method == "patch" else desk.post(address, asked))
    assert problem(answer) == (409, "merged")
    assert into in answer.json()["detail"]
    assert "桃溪" not in answer.text
    assert len(await front.events("registry.person")) == told


async def test_bad_input_has_its_own_answer(front: Front, pair: tuple[str, str]) -> None:
    ended, into = pair
    desk, address = front.client(), f"/people/{ended}/merging"
    assert problem(await desk.post(address, {"into": ended})) == (422, "same-entry")
    assert problem(await desk.post(address, {"into": new_id()})) == (404, "unknown-person")
    assert problem(await desk.post(f"/people/{new_id()}/merging", {"into": into})) == (404, "unknown-person")
    assert problem(await desk.post(address, {"into": "somebody"})) == (422, "invalid-input")
    assert problem(await desk.post(address, {})) == (422, "invalid-input")
    await desk.made(f"/people/{into}/death", {"died_on": "2022-03-01"})
    assert problem(await desk.post(address, {"into": into})) == (409, "deaths-disagree")
    assert len(await front.events("registry.person")) == 3


async def test_the_kept_one_must_go_on_itself(front: Front, pair: tuple[str, str]) -> None:
    ended, into = pair
    desk = front.client()
    other = await desk.made("/people", body(2))
    await desk.made(f"/people/{ended}/merging", {"into": into})
    refused = await desk.post(f"/people/{other}/merging", {"into": ended})
    assert (problem(refused), refused.json()["errors"][0]["merged_into"]) == ((409, "into-merged"), into)
    assert problem(await desk.post(f"/people/{into}/merging", {"into": ended})) == (409, "already-one")


async def test_a_person_of_another_county_is_not_there(front: Front, pair: tuple[str, str]) -> None:
    stranger = front.client(county=await front.establish())
    theirs = await stranger.made("/people", body(2))
    assert problem(await front.client().post(f"/people/{pair[0]}/merging", {"into": theirs})) == (404, "unknown-person")
    assert problem(await stranger.post(f"/people/{pair[0]}/merging", {"into": theirs})) == (404, "unknown-person")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN, Role.DESK, Role.OPERATOR}))
async def test_only_the_desk_and_the_admin_merge(front: Front, pair: tuple[str, str], role: Role) -> None:
    ended, into = pair
    assert problem(await front.client(role).post(f"/people/{ended}/merging", {"into": into})) == (403, "forbidden")


async def test_who_signs_in_as_the_ended_entry_is_the_kept_one(front: Front, pair: tuple[str, str]) -> None:
    ended, into = pair
    admin = front.client(Role.ADMIN)
    member = {"login": "member", "name": "示例", "role": "member", "password": "first-password-1", "person": ended}
    user = await admin.made("/users", member)
    await front.client().made(f"/people/{ended}/merging", {"into": into})
    assert (await admin.get(f"/users/{user}")).json()["person"] == into
    again = await admin.post("/users", {**member, "login": "another"})
    assert problem(again) == (409, "merged")


async def test_a_roster_with_the_number_of_an_ended_entry_is_refused_at_its_row(
    front: Front, pair: tuple[str, str]
) -> None:
    desk = front.client()
    await desk.made(f"/people/{pair[0]}/merging", {"into": pair[1]})
    roster = f"姓名,身份证号,人员类别\n桃溪甲,{identity(0)},离休\n".encode()
    answer = await desk.post("/rosters", roster)
    assert answer.status_code == 422
    assert [(error["row"], error["column"]) for error in answer.json()["errors"]] == [(2, "身份证号")]
    assert len(await front.events("registry.person")) == 3
