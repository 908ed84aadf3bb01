from typing import Any

import pytest

from registry.activities.domain import Outcome
from registry.ids import PersonId
from support.books import Books, new_id
from support.desk import Desk, slug

TIMES = {"starts": "2022-03-15T09:00:00+08:00", "ends": "2022-03-15T11:00:00+08:00"}

NULLS = "WyIyMDIyLTAzLTE1VDAxOjAwOjAwKzAwOjAwIiwgIlx1MDAwMCJd"  # ["2022-03-15T01:00:00+00:00", "\\u0000"]


async def body(books: Books, **fields: Any) -> dict[str, Any]:
    return {"kind": "party-day", "hosts": [(await books.found()).id]} | TIMES | fields


def entries(*people: PersonId, **fields: Any) -> dict[str, Any]:
    return {"entries": [{"person": person, "outcome": "attended"} | fields for person in people]}


async def test_an_activity_is_planned_recorded_closed_and_corrected(desk: Desk, books: Books) -> None:
    branch = await books.found()
    li, wang = await books.members(branch, 2)
    planned = await desk.post("/activities", await body(books, hosts=[branch.id], theme="loyalty"))
    id_ = planned.json()["id"]
    listed = entries(li) | {"rest_missed": "paper"}
    assert (await desk.post(f"/activities/{id_}/attendance", listed)).json() == {"id": id_}
    closed = await desk.post(f"/activities/{id_}/closing")
    corrected = await desk.patch(f"/activities/{id_}", {"theme": None, "mode": "online"}, closed.headers["etag"])
    assert corrected.json() == {
        "id": id_,
        "kind": "party-day",
        "theme": None,
        "mode": "online",
        "hosts": [branch.id],
        "place": None,
        "starts": "2022-03-15T01:00:00Z",
        "ends": "2022-03-15T03:00:00Z",
        "state": "held",
        "counts": {"due": 2, "attended": 1, "excused": 0, "missed": 1},
    }
    lines = (await desk.get(f"/activities/{id_}/attendance")).json()["items"]
    assert [(line["person"], line["outcome"], line["origin"]) for line in lines] == [
        (li, "attended", "desk"),
        (wang, "missed", "paper"),
    ]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"mode": "dreamt"}, "invalid-input"),
        ({"hosts": []}, "invalid-input"),
        ({"starts": "2022-03-15T09:00:00"}, "invalid-input"),
        ({"ends": "0001-01-01T00:00:00Z"}, "invalid-input"),
        ({"place": "阳光家园三楼"}, "invalid-input"),
        ({"ends": TIMES["starts"]}, "wrong-times"),
        ({"kind": "picnic"}, "wrong-code"),
        ({"theme": "old"}, "wrong-code"),
        ({"place": "moon"}, "wrong-code"),
        ({"hosts": ["0190a000-0000-7000-8000-000000000001"]}, "unknown-organisation"),
        ({"kind": "group-meeting"}, "wrong-hosts"),
    ],
)
async def test_a_bad_activity_has_its_own_answer(
    desk: Desk, books: Books, fields: dict[str, Any], problem: str
) -> None:
    assert slug(await desk.post("/activities", await body(books, **fields))) == (422, problem)


async def test_a_wrong_code_names_its_field(desk: Desk, books: Books) -> None:
    answer = await desk.post("/activities", await body(books, theme="nothing"))
    assert [error["field"] for error in answer.json()["errors"]] == ["theme"]
    assert "nothing" not in answer.text


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"outcome": "slept"}, "invalid-input"),
        ({"origin": "rumour"}, "invalid-input"),
        ({"person": "li"}, "invalid-input"),
        ({"person": "0190a000-0000-7000-8000-000000000001"}, "attendance-refused"),
        ({"outcome": "missed"}, "attendance-refused"),
        ({"outcome": "withdrawn"}, "attendance-refused"),
        ({"origin": "proxy", "on_behalf_of": "0190a000-0000-7000-8000-000000000001"}, "attendance-refused"),
    ],
)
async def test_a_bad_line_has_its_own_answer(desk: Desk, books: Books, fields: dict[str, Any], problem: str) -> None:
    activity = await books.plan(await books.found())
    (guest,) = await books.people(1)
    answer = await desk.post(f"/activities/{activity}/attendance", entries(guest, **fields))
    assert slug(answer) == (422, problem)
    assert (await desk.get(f"/activities/{activity}/attendance")).json()["items"] == []


async def test_an_attendance_of_the_dead_is_refused_by_its_place_in_the_list(desk: Desk, books: Books) -> None:
    branch = await books.found()
    alive, dead = await books.members(branch, 2)
    assert (await desk.post(f"/people/{dead}/death", {"died_on": "2022-03-10"})).status_code == 201
    answer = await desk.post(f"/activities/{await books.plan(branch)}/attendance", entries(alive, dead))
    assert slug(answer) == (422, "attendance-refused")
    assert answer.json()["errors"] == [{"field": "entries.1.person", "sentence": "此人在活动那天之前已去世"}]


async def test_an_unknown_activity_is_not_found(desk: Desk) -> None:
    path = f"/activities/{new_id()}"
    for answer in (
        await desk.get(path),
        await desk.get(f"{path}/attendance"),
        await desk.post(f"{path}/closing"),
        await desk.post(f"{path}/attendance", {"entries": []}),
        await desk.patch(path, {"theme": None}, '"1"'),
    ):
        assert slug(answer) == (404, "unknown-activity")


async def test_closing_twice_is_refused_and_with_the_same_key_answered_again(desk: Desk, books: Books) -> None:
    activity, key = await books.plan(await books.found()), new_id()
    first = await desk.post(f"/activities/{activity}/closing", key=key)
    assert (await desk.post(f"/activities/{activity}/closing", key=key)).json() == first.json()
    assert slug(await desk.post(f"/activities/{activity}/closing")) == (409, "already-held")


async def test_a_correction_names_the_version_it_has_seen(desk: Desk, books: Books) -> None:
    activity = await books.plan(await books.found())
    assert slug(await desk.patch(f"/activities/{activity}", {"theme": "loyalty"}, '"7"')) == (412, "stale-version")


async def test_the_list_goes_page_by_page_the_latest_first(desk: Desk, books: Books) -> None:
    branch = await books.found()
    ids = [await books.plan(branch) for _ in range(3)]
    first = (await desk.get("/activities", limit=2)).json()
    second = (await desk.get("/activities", limit=2, cursor=first["next"])).json()
    assert [item["id"] for item in first["items"] + second["items"]] == ids[::-1]


async def test_the_list_can_be_of_a_host_a_kind_a_state_and_a_time(desk: Desk, books: Books) -> None:
    branch, other = await books.found(), await books.found()
    wanted = await books.plan(branch)
    await books.close(wanted)
    await books.plan(branch, kind="volunteering")
    await books.plan(other)
    asked = {"host": branch.id, "kind": "party-day", "state": "held", "since": "2022-03-01T00:00:00Z"}
    found = (await desk.get("/activities", until="2022-04-01T00:00:00Z", **asked)).json()
    assert [item["id"] for item in found["items"]] == [wanted]


async def test_a_cursor_of_nobodys_making_is_refused(desk: Desk) -> None:
    for cursor in ("!", "WzEsMl0", "WyJ4IiwieSJd", NULLS):
        assert slug(await desk.get("/activities", cursor=cursor)) == (400, "bad-cursor")


async def test_a_recorder_is_kept_to_the_own_branch(desk: Desk, books: Books) -> None:
    own, other = await books.found(), await books.found()
    recorder = desk.asked_by(books.principal("recorder", own.id))
    (member,) = await books.members(own, 1)
    mine, theirs = await books.plan(own), await books.plan(other)
    assert (await recorder.post(f"/activities/{mine}/attendance", entries(member))).status_code == 201
    assert slug(await recorder.post(f"/activities/{theirs}/attendance", entries(member)))[0] == 403
    assert slug(await recorder.get(f"/activities/{theirs}/attendance"))[0] == 403
    assert slug(await recorder.post("/activities", await body(books, hosts=[other.id])))[0] == 403


async def test_a_member_sees_the_counts_and_nobodys_name(desk: Desk, books: Books) -> None:
    branch = await books.found()
    activity = await books.plan(branch)
    await books.record(activity, Outcome.ATTENDED, *await books.members(branch, 1))
    member = desk.asked_by(books.principal("member"))
    assert (await member.get(f"/activities/{activity}")).json()["counts"]["attended"] == 1
    assert slug(await member.get(f"/activities/{activity}/attendance"))[0] == 403


async def test_another_county_sees_none_of_it(desk: Desk, books: Books) -> None:
    activity = await books.plan(await books.found())
    stranger = Books(books.sessions)
    await stranger.open()
    there = desk.asked_by(stranger.desk)
    assert slug(await there.get(f"/activities/{activity}")) == (404, "unknown-activity")
    assert slug(await there.post(f"/activities/{activity}/closing")) == (404, "unknown-activity")
    assert (await there.get("/activities")).json()["items"] == []
