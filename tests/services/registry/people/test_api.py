"""People over HTTP: what a clerk may send, what everybody may see, and what leaves a trace."""

import hashlib
import json
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from registry.identity.domain import check_digit
from registry.users.domain import Role
from support.books import new_id
from support.front import Client, Front

LISTS: dict[str, list[dict[str, Any]]] = {
    "rank": [{"code": "section", "name": "正科级"}, {"code": "old", "name": "旧级", "until": "2000-01-01"}],
    "township": [{"code": "999101001", "name": "示例街道"}],
    "class": [{"code": "A", "name": "甲类"}, {"code": "D", "name": "丁类"}],
    "capacity": [{"code": "at-home", "name": "送学上门"}],
}
PHONE, HOME = "10900010009", "虚构路99号"


def identity(order: int = 1, day: str = "19400101") -> str:
    first17 = f"999101{day}{order:03d}"
    return first17 + check_digit(first17)


def body(**fields: Any) -> dict[str, Any]:
    usual = {
        "name": "桃溪望春",
        "identity_number": identity(),
        "phone": PHONE,
        "address": HOME,
        "kind": "tuixiu",
        "party_member": True,
        "rank": "section",
        "township": "999101001",
        "residence": "urban",
    }
    return usual | fields


@pytest_asyncio.fixture
async def books(front: Front) -> Front:
    """The county with its lists of codes."""
    for name, codes in LISTS.items():
        await front.client(Role.ADMIN).made("/taxonomies", {"name": name, "codes": codes})
    return front


async def search(client: Client, field: str, text: str, **query: Any) -> list[str]:
    """The names of who is found."""
    found = await client.http.post("/people/searches", json={"field": field, "text": text}, params=query)
    assert found.status_code == 200, found.text
    return [person["name"] for person in found.json()["items"]]


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def test_a_registered_person_is_told_without_anything_that_identifies(books: Front) -> None:
    person = await books.client().made("/people", body(classes=[{"code": "A", "since": "2022-01-01"}]))
    (event,) = await books.events("registry.person")
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


async def test_no_list_and_no_person_shows_a_sensitive_field(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    shown = [(await desk.get("/people")).text, (await desk.get(f"/people/{person}")).text]
    assert "桃溪望春" in shown[0]
    assert not [text for text in shown if identity() in text or PHONE in text or HOME in text]


async def test_the_database_holds_no_sensitive_field_in_clear(books: Front) -> None:
    await books.client().made("/people", body())
    async with books.app.state.shell.sessions.begin(books.county) as session:
        rows = (await session.execute(text("SELECT CAST(people AS text) FROM people"))).scalars().all()
    kept = "".join(rows)
    assert not [secret for secret in (identity(), PHONE, HOME) if secret in kept or secret.encode().hex() in kept]


@pytest.mark.parametrize(("field", "value"), [("identity", identity()), ("phone", PHONE), ("address", HOME)])
async def test_a_sensitive_field_is_read_alone_and_leaves_a_trace(books: Front, field: str, value: str) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    answer = await desk.get(f"/people/{person}/sealed/{field}", reason="visit")
    assert (answer.json(), answer.headers["Cache-Control"]) == ({"text": value}, "no-store")
    (line,) = await books.trail()
    assert (line["action"], line["subject"], line["field"], line["reason"]) == (
        "person.disclose",
        person,
        field,
        "visit",
    )
    assert line["request_id"] == answer.headers["X-Request-Id"]


async def test_a_sensitive_field_is_not_read_without_a_reason(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    assert problem(await desk.get(f"/people/{person}/sealed/phone")) == (422, "invalid-input")
    assert await books.trail() == []


async def test_both_forms_of_an_identity_number_find_the_person(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    short = identity()[:6] + identity()[8:17]
    for form in (identity(), short):
        assert await search(desk, "identity", form) == ["桃溪望春"]
    traced = [("person.search", "all", "identity"), ("person.find", person, "identity")]
    assert [(line["action"], line["subject"], line["field"]) for line in await books.trail()] == traced * 2


async def test_a_search_that_finds_nobody_leaves_a_trace_without_what_was_typed(books: Front) -> None:
    desk = books.client()
    assert [await search(desk, *asked) for asked in (("phone", PHONE), ("name", "桃溪"))] == [[], []]
    lines = [dict(line) for line in await books.trail()]
    assert [(line["action"], line["field"]) for line in lines] == [
        ("person.search", "phone"),
        ("person.search", "name"),
    ]
    assert PHONE not in str(lines)
    assert "桃溪" not in str(lines)


async def test_a_phone_finds_everybody_who_shares_it(books: Front) -> None:
    desk = books.client()
    for order, name in ((1, "松涧谷雨"), (2, "竹坞清和")):
        await desk.made("/people", body(identity_number=identity(order), name=name))
    assert await search(desk, "phone", "109-0001-0009") == ["松涧谷雨", "竹坞清和"]


async def test_a_person_is_registered_once(books: Front) -> None:
    desk = books.client()
    await desk.made("/people", body())
    again = await desk.post("/people", body(identity_number=identity()[:6] + identity()[8:17], name="别名"))
    assert problem(again) == (409, "already-registered")
    assert len((await desk.get("/people")).json()["items"]) == 1


async def test_another_county_may_register_the_same_person(books: Front) -> None:
    await books.client().made("/people", body())
    other = await books.establish()
    await books.client(county=other).made("/people", body(rank=None, township=None))


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
    books: Front, fields: dict[str, Any], told: tuple[int, str]
) -> None:
    answer = await books.client().post("/people", body(**fields))
    assert problem(answer) == told
    assert not [
        value for value in fields.values() if isinstance(value, str) and len(value) > 8 and value in answer.text
    ]
    assert await books.events("registry.person") == []
    assert (await books.client().get("/people")).json()["items"] == []


async def test_what_is_not_named_stays_when_a_person_is_amended(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    answer = await desk.patch(f"/people/{person}", {"rank": None, "kind": None}, '"1"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.json()["rank"], answer.json()["kind"], answer.json()["township"]) == (None, "tuixiu", "999101001")
    assert [event["aggregateversion"] for event in await books.events("registry.person")] == [1, 2]


async def test_a_new_name_or_phone_is_nobody_elses_business(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    answer = await desk.patch(f"/people/{person}", {"name": "竹坞清和", "phone": None}, '"1"')
    assert (answer.json()["name"], answer.json()["has_phone"], answer.headers["ETag"]) == ("竹坞清和", False, '"2"')
    assert len(await books.events("registry.person")) == 1


async def test_an_amendment_that_changes_nothing_is_nothing(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    assert (await desk.patch(f"/people/{person}", {"kind": "tuixiu"}, '"1"')).headers["ETag"] == '"1"'


async def test_a_stale_or_missing_version_is_refused(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    await desk.patch(f"/people/{person}", {"kind": "lixiu"}, '"1"')
    assert problem(await desk.patch(f"/people/{person}", {"kind": "staff"}, '"1"')) == (412, "stale-version")
    assert problem(await desk.patch(f"/people/{person}", {"kind": "staff"}, None)) == (428, "if-match-missing")
    assert (await desk.get(f"/people/{person}")).json()["kind"] == "lixiu"


async def test_a_version_or_an_id_that_is_none_is_refused(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    strange = await desk.http.patch(f"/people/{person}", json={}, headers={b"If-Match": "²".encode("latin-1")})
    assert problem(strange) == (412, "stale-version")
    assert problem(await desk.post("/people/%00/moves", {"on": "2022-03-01"})) == (422, "invalid-input")


async def test_a_corrected_number_may_not_be_somebody_elses(books: Front) -> None:
    desk = books.client()
    await desk.made("/people", body())
    other = await desk.made("/people", body(identity_number=identity(2)))
    taken = await desk.patch(f"/people/{other}", {"identity_number": identity()}, '"1"')
    assert problem(taken) == (409, "already-registered")
    assert (await desk.patch(f"/people/{other}", {"identity_number": identity(3)}, '"1"')).status_code == 200
    assert (await desk.get(f"/people/{other}/sealed/identity", reason="verify")).json() == {"text": identity(3)}


async def test_a_code_that_ended_since_may_stay_but_not_come(books: Front) -> None:
    desk, admin = books.client(), books.client(Role.ADMIN)
    person = await desk.made("/people", body())
    ended = [{**LISTS["rank"][0], "until": "2001-01-01"}, LISTS["rank"][1]]
    await admin.made("/taxonomies", {"name": "rank", "codes": ended})
    assert (await desk.patch(f"/people/{person}", {"kind": "lixiu"}, '"1"')).status_code == 200
    assert problem(await desk.post("/people", body(identity_number=identity(2)))) == (422, "wrong-code")


async def test_a_class_is_confirmed_by_who_asks_and_told_without_them(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    answer = await desk.post(f"/people/{person}/classes", {"code": "D", "since": "2022-04-01"})
    assert (answer.status_code, answer.json(), answer.headers["ETag"]) == (201, {"id": person}, '"2"')
    event = (await books.events("registry.person"))[-1]
    assert (event["type"], event["data"]["classes"]) == ("person.amended.v1", [{"code": "D", "since": "2022-04-01"}])
    async with books.app.state.shell.sessions.begin(books.county) as session:
        confirmed = (await session.execute(text("SELECT confirmed_by FROM person_codes"))).scalar_one()
    assert confirmed == event["actor"]


async def test_a_capacity_tells_no_reason(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    await desk.made(f"/people/{person}/capacities", {"code": "at-home", "since": "2022-04-01"})
    assert (await books.events("registry.person"))[-1]["data"]["capacities"] == [
        {"code": "at-home", "since": "2022-04-01"}
    ]
    reasoned = {"code": "at-home", "since": "2022-04-01", "reason": "病"}
    assert problem(await desk.post(f"/people/{person}/capacities", reasoned)) == (422, "invalid-input")


async def test_who_leaves_and_comes_back_is_told_twice(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    await desk.made(f"/people/{person}/moves", {"on": "2022-03-01"})
    await desk.made(f"/people/{person}/moves", {"on": "2022-06-01", "direction": "back"})
    moves = [event for event in await books.events("registry.person") if event["type"] == "person.moved.v1"]
    assert [(event["data"]["status"], event["data"]["status_since"]) for event in moves] == [
        ("moved", "2022-03-01"),
        ("active", "2022-06-01"),
    ]
    assert problem(await desk.post(f"/people/{person}/moves", {"on": "2022-07-01", "direction": "back"})) == (
        409,
        "not-away",
    )


async def test_every_status_is_told_and_shown_with_its_day(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    await desk.made(f"/people/{person}/moves", {"on": "2022-03-01"})
    await desk.made(f"/people/{person}/moves", {"on": "2022-06-01", "direction": "back"})
    await desk.made(f"/people/{person}/death", {"died_on": "2022-08-01"})
    statuses = [
        {"status": "moved", "since": "2022-03-01"},
        {"status": "active", "since": "2022-06-01"},
        {"status": "died", "since": "2022-08-01"},
    ]
    assert (await books.events("registry.person"))[-1]["data"]["statuses"] == statuses
    assert (await desk.get(f"/people/{person}")).json()["statuses"] == statuses


async def test_a_move_and_a_death_happened_when_their_day_began_in_shanghai(books: Front) -> None:
    desk = books.client()
    person = await desk.made("/people", body())
    await desk.made(f"/people/{person}/moves", {"on": "2022-04-01"})
    await desk.made(f"/people/{person}/death", {"died_on": "2022-07-01"})
    moved, died = (await books.events("registry.person"))[-2:]
    assert (moved["type"], moved["time"]) == ("person.moved.v1", "2022-03-31T16:00:00Z")
    assert (died["type"], died["time"]) == ("person.died.v1", "2022-06-30T16:00:00Z")
    assert died["recordedtime"] > died["time"]


async def test_an_unknown_person_is_not_found_anywhere(books: Front) -> None:
    desk, person = books.client(), new_id()
    answers = [
        await desk.get(f"/people/{person}"),
        await desk.get(f"/people/{person}/sealed/phone", reason="visit"),
        await desk.patch(f"/people/{person}", {}, '"1"'),
        await desk.post(f"/people/{person}/classes", {"code": "A", "since": "2022-01-01"}),
        await desk.post(f"/people/{person}/moves", {"on": "2022-01-01"}),
    ]
    assert [problem(answer) for answer in answers] == [(404, "unknown-person")] * 5


async def test_a_key_used_again_answers_the_same_and_registers_once(books: Front) -> None:
    desk, key = books.client(), new_id()
    first, again = [await desk.post("/people", body(), key) for _ in range(2)]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(await books.events("registry.person")) == 1


async def test_a_key_used_for_another_body_is_refused(books: Front) -> None:
    desk, key = books.client(), new_id()
    await desk.post("/people", body(), key)
    assert problem(await desk.post("/people", body(identity_number=identity(2)), key)) == (
        422,
        "idempotency-key-reused",
    )
    assert len(await books.events("registry.person")) == 1


async def test_what_was_refused_is_not_remembered_under_its_key(books: Front) -> None:
    desk, key = books.client(), new_id()
    assert (await desk.post("/people", body(rank="unheard-of"), key)).status_code == 422
    assert (await desk.post("/people", body(), key)).status_code == 201


async def test_what_is_kept_of_a_request_cannot_be_guessed_from_its_body(books: Front) -> None:
    answer = await books.client().post("/people", body())
    plain = hashlib.sha256(b"\n" + answer.request.content).hexdigest()
    async with books.app.state.shell.sessions.begin(books.county) as session:
        kept = (await session.execute(text("SELECT request_hash FROM idempotency"))).scalars().all()
    assert kept
    assert plain not in kept


async def test_a_post_without_a_key_is_refused(books: Front) -> None:
    assert problem(await books.client().http.post("/people", json=body())) == (400, "idempotency-key-missing")


async def test_another_countys_token_finds_nobody(books: Front) -> None:
    person = await books.client().made("/people", body())
    stranger = books.client(county=await books.establish())
    assert problem(await stranger.get(f"/people/{person}")) == (404, "unknown-person")
    assert problem(await stranger.get(f"/people/{person}/sealed/identity", reason="visit")) == (404, "unknown-person")
    assert problem(await stranger.patch(f"/people/{person}", {"kind": "staff"}, '"1"')) == (404, "unknown-person")
    assert (await stranger.get("/people")).json()["items"] == []
    assert await search(stranger, "identity", identity()) == []
    assert await search(stranger, "name", "桃溪") == []


async def test_pages_follow_the_names_without_gap_or_repeat(books: Front) -> None:
    desk = books.client()
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


async def test_the_list_is_narrowed_by_kind_and_status(books: Front) -> None:
    desk = books.client()
    await desk.made("/people", body())
    await desk.made("/people", body(identity_number=identity(2), name="竹坞清和", kind="lixiu"))
    lixiu = (await desk.get("/people", kind="lixiu")).json()["items"]
    assert [person["name"] for person in lixiu] == ["竹坞清和"]
    assert (await desk.get("/people", status="died")).json()["items"] == []


async def test_a_name_is_found_by_how_it_begins_page_by_page(books: Front) -> None:
    desk = books.client()
    for order, name in enumerate(("桃溪望春", "竹坞清和", "竹坞立春")):
        await desk.made("/people", body(identity_number=identity(order), name=name))
    assert await search(desk, "name", "竹坞") == ["竹坞清和", "竹坞立春"]
    assert [await search(desk, "name", text) for text in ("%", "清和")] == [[], []]
    sought = {"field": "name", "text": "竹坞"}
    first = (await desk.http.post("/people/searches", json=sought, params={"limit": 1})).json()
    assert await search(desk, "name", "竹坞", limit=1, cursor=first["next"]) == ["竹坞立春"]


async def test_no_address_takes_a_name(books: Front) -> None:
    taking = books.app.openapi()["paths"]["/api/v1/people"]["get"]["parameters"]
    assert {parameter["name"] for parameter in taking if parameter["in"] == "query"} == {
        "limit", "cursor", "kind", "status", "merged"
    }  # fmt: skip


@pytest.mark.parametrize("cursor", ["x", "WzFd", "bnVsbA", "WyInIl0"])
async def test_a_cursor_that_is_none_of_ours_is_refused(books: Front, cursor: str) -> None:
    assert problem(await books.client().get("/people", cursor=cursor)) == (400, "bad-cursor")


async def test_the_auditor_reads_the_trail_and_leaves_a_line(books: Front) -> None:
    desk, auditor = books.client(), books.client(Role.AUDITOR)
    person = await desk.made("/people", body())
    await desk.get(f"/people/{person}/sealed/phone", reason="contact")
    (line,) = (await auditor.get("/audit", subject=person)).json()["items"]
    assert (line["action"], line["field"], line["reason"]) == ("person.disclose", "phone", "contact")
    assert [line["action"] for line in await books.trail()] == ["person.disclose", "audit.view"]
    assert problem(await auditor.get("/people")) == (403, "forbidden")
    assert problem(await desk.get("/audit")) == (403, "forbidden")


async def test_no_answer_repeats_what_was_sent(books: Front) -> None:
    wrong = body(name="桃溪望春" * 20, identity_number="999101194001010010", phone="虚构电话", kind="虚构类别")
    answer = await books.client().post("/people", wrong)
    assert answer.status_code == 422
    assert not [value for value in wrong.values() if isinstance(value, str) and value in json.dumps(answer.json())]
