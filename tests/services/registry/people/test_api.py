"""People over HTTP: what a clerk may enter and change, and what others hear of it."""

from typing import Any

import pytest
from sqlalchemy import text

from registry.users.domain import Role
from services.registry.people.clerk import LISTS, body, identity, problem, search
from support.books import new_id
from support.front import Front


async def test_a_registered_person_is_told_without_anything_that_identifies(settled: Front) -> None:
    person = await settled.client().made("/people", body(classes=[{"code": "A", "since": "2022-01-01"}]))
    (event,) = await settled.events("registry.person")
    assert (event["type"], event["subject"], event["aggregateversion"]) == ("person.registered.v1", person, 1)
    assert event["data"] == {
        "kind": "tuixiu",
        "party_member": True,
        "rank": "section",
        "classes": [{"code": "A", "since": "2022-01-01"}],
        "capacities": [],
        "township": "999101001",
        "residence": "urban",
        "status": "active",
        "status_since": None,
        "statuses": [],
        "merged_into": None,
    }
    assert event["time"] == event["recordedtime"]


async def test_a_person_is_registered_once(settled: Front) -> None:
    desk = settled.client()
    await desk.made("/people", body())
    again = await desk.post("/people", body(identity_number=identity()[:6] + identity()[8:17], name="别名"))
    assert problem(again) == (409, "already-registered")
    assert len((await desk.get("/people")).json()["items"]) == 1


async def test_another_county_may_register_the_same_person(settled: Front) -> None:
    await settled.client().made("/people", body())
    other = await settled.establish()
    await settled.client(county=other).made("/people", body(rank=None, township=None))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"identity_number": "999101194001010010"}, (422, "invalid-identity-number")),
        ({"phone": "123"}, (422, "invalid-phone")),
        ({"kind": "member", "party_member": False}, (422, "member-without-party")),
        ({"kind": "cadre"}, (422, "invalid-input")),
        ({"party_member": "yes"}, (422, "invalid-input")),
        ({"name": ""}, (422, "invalid-input")),
        ({"name": "a\u0000b"}, (422, "invalid-input")),
        ({"birthday": "1940-01-01"}, (422, "invalid-input")),
        ({"rank": "unheard-of"}, (422, "wrong-code")),
        ({"rank": "old"}, (422, "wrong-code")),
        ({"township": "999101002"}, (422, "wrong-code")),
        ({"classes": [{"code": "Z", "since": "2022-01-01"}]}, (422, "wrong-code")),
        ({"classes": [{"code": "A", "since": "2999-01-01"}]}, (422, "date-in-future")),
    ],
)
async def test_bad_input_has_its_own_answer_and_leaves_nothing(
    settled: Front, fields: dict[str, Any], told: tuple[int, str]
) -> None:
    answer = await settled.client().post("/people", body(**fields))
    assert problem(answer) == told
    assert not [
        value for value in fields.values() if isinstance(value, str) and len(value) > 8 and value in answer.text
    ]
    assert await settled.events("registry.person") == []
    assert (await settled.client().get("/people")).json()["items"] == []


async def test_what_is_not_named_stays_when_a_person_is_amended(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    answer = await desk.patch(f"/people/{person}", {"rank": None, "kind": None}, '"1"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.json()["rank"], answer.json()["kind"], answer.json()["township"]) == (None, "tuixiu", "999101001")
    assert [event["aggregateversion"] for event in await settled.events("registry.person")] == [1, 2]


async def test_a_new_name_or_phone_is_nobody_elses_business(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    answer = await desk.patch(f"/people/{person}", {"name": "竹坞清和", "phone": None}, '"1"')
    assert (answer.json()["name"], answer.json()["has_phone"], answer.headers["ETag"]) == ("竹坞清和", False, '"2"')
    assert len(await settled.events("registry.person")) == 1


async def test_an_amendment_that_changes_nothing_is_nothing(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    assert (await desk.patch(f"/people/{person}", {"kind": "tuixiu"}, '"1"')).headers["ETag"] == '"1"'


async def test_a_stale_or_missing_version_is_refused(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    await desk.patch(f"/people/{person}", {"kind": "lixiu"}, '"1"')
    assert problem(await desk.patch(f"/people/{person}", {"kind": "staff"}, '"1"')) == (412, "stale-version")
    assert problem(await desk.patch(f"/people/{person}", {"kind": "staff"}, None)) == (428, "if-match-missing")
    assert (await desk.get(f"/people/{person}")).json()["kind"] == "lixiu"


async def test_a_version_or_an_id_that_is_none_is_refused(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    strange = await desk.http.patch(f"/people/{person}", json={}, headers={b"If-Match": "²".encode("latin-1")})
    assert problem(strange) == (412, "stale-version")
    assert problem(await desk.post("/people/%00/moves", {"on": "2022-03-01"})) == (422, "invalid-input")


async def test_a_corrected_number_may_not_be_somebody_elses(settled: Front) -> None:
    desk = settled.client()
    await desk.made("/people", body())
    other = await desk.made("/people", body(identity_number=identity(2)))
    taken = await desk.patch(f"/people/{other}", {"identity_number": identity()}, '"1"')
    assert problem(taken) == (409, "already-registered")
    assert (await desk.patch(f"/people/{other}", {"identity_number": identity(3)}, '"1"')).status_code == 200
    assert (await desk.get(f"/people/{other}/sealed/identity", reason="verify")).json() == {"text": identity(3)}


async def test_a_code_that_ended_since_may_stay_but_not_come(settled: Front) -> None:
    desk, admin = settled.client(), settled.client(Role.ADMIN)
    person = await desk.made("/people", body())
    ended = [{**LISTS["rank"][0], "until": "2001-01-01"}, LISTS["rank"][1]]
    await admin.made("/taxonomies", {"name": "rank", "codes": ended})
    assert (await desk.patch(f"/people/{person}", {"kind": "lixiu"}, '"1"')).status_code == 200
    assert problem(await desk.post("/people", body(identity_number=identity(2)))) == (422, "wrong-code")


async def test_a_class_is_confirmed_by_who_asks_and_told_without_them(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    answer = await desk.post(f"/people/{person}/classes", {"code": "D", "since": "2022-04-01"})
    assert (answer.status_code, answer.json(), answer.headers["ETag"]) == (201, {"id": person}, '"2"')
    event = (await settled.events("registry.person"))[-1]
    assert (event["type"], event["data"]["classes"]) == ("person.amended.v1", [{"code": "D", "since": "2022-04-01"}])
    async with settled.app.state.shell.sessions.begin(settled.county) as session:
        confirmed = (await session.execute(text("SELECT confirmed_by FROM person_codes"))).scalar_one()
    assert confirmed == event["actor"]


async def test_a_capacity_tells_no_reason(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    await desk.made(f"/people/{person}/capacities", {"code": "at-home", "since": "2022-04-01"})
    assert (await settled.events("registry.person"))[-1]["data"]["capacities"] == [
        {"code": "at-home", "since": "2022-04-01"}
    ]
    reasoned = {"code": "at-home", "since": "2022-04-01", "reason": "病"}
    assert problem(await desk.post(f"/people/{person}/capacities", reasoned)) == (422, "invalid-input")


async def test_who_leaves_and_comes_back_is_told_twice(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    await desk.made(f"/people/{person}/moves", {"on": "2022-03-01"})
    await desk.made(f"/people/{person}/moves", {"on": "2022-06-01", "direction": "back"})
    moves = [event for event in await settled.events("registry.person") if event["type"] == "person.moved.v1"]
    assert [(event["data"]["status"], event["data"]["status_since"]) for event in moves] == [
        ("moved", "2022-03-01"),
        ("active", "2022-06-01"),
    ]
    assert problem(await desk.post(f"/people/{person}/moves", {"on": "2022-07-01", "direction": "back"})) == (
        409,
        "not-away",
    )


async def test_every_status_is_told_and_shown_with_its_day(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    await desk.made(f"/people/{person}/moves", {"on": "2022-03-01"})
    await desk.made(f"/people/{person}/moves", {"on": "2022-06-01", "direction": "back"})
    await desk.made(f"/people/{person}/death", {"died_on": "2022-08-01"})
    statuses = [
        {"status": "moved", "since": "2022-03-01"},
        {"status": "active", "since": "2022-06-01"},
        {"status": "died", "since": "2022-08-01"},
    ]
    assert (await settled.events("registry.person"))[-1]["data"]["statuses"] == statuses
    assert (await desk.get(f"/people/{person}")).json()["statuses"] == statuses


async def test_a_move_and_a_death_happened_when_their_day_began_in_shanghai(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    await desk.made(f"/people/{person}/moves", {"on": "2022-04-01"})
    await desk.made(f"/people/{person}/death", {"died_on": "2022-07-01"})
    moved, died = (await settled.events("registry.person"))[-2:]
    assert (moved["type"], moved["time"]) == ("person.moved.v1", "2022-03-31T16:00:00Z")
    assert (died["type"], died["time"]) == ("person.died.v1", "2022-06-30T16:00:00Z")
    assert died["recordedtime"] > died["time"]


async def test_an_unknown_person_is_not_found_anywhere(settled: Front) -> None:
    desk, person = settled.client(), new_id()
    answers = [
        await desk.get(f"/people/{person}"),
        await desk.get(f"/people/{person}/sealed/phone", reason="visit"),
        await desk.patch(f"/people/{person}", {}, '"1"'),
        await desk.post(f"/people/{person}/classes", {"code": "A", "since": "2022-01-01"}),
        await desk.post(f"/people/{person}/moves", {"on": "2022-01-01"}),
    ]
    assert [problem(answer) for answer in answers] == [(404, "unknown-person")] * 5


async def test_another_countys_token_finds_nobody(settled: Front) -> None:
    person = await settled.client().made("/people", body())
    stranger = settled.client(county=await settled.establish())
    assert problem(await stranger.get(f"/people/{person}")) == (404, "unknown-person")
    assert problem(await stranger.get(f"/people/{person}/sealed/identity", reason="visit")) == (404, "unknown-person")
    assert problem(await stranger.patch(f"/people/{person}", {"kind": "staff"}, '"1"')) == (404, "unknown-person")
    assert (await stranger.get("/people")).json()["items"] == []
    assert await search(stranger, "identity", identity()) == []
    assert await search(stranger, "name", "桃溪") == []
