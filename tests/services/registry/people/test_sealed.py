"""What identifies somebody: shown nowhere, read alone, and never without a trace."""

import json

import pytest
from sqlalchemy import text

from registry.users.domain import Role
from services.registry.people.clerk import HOME, PHONE, body, identity, problem
from support.front import Front


async def test_no_list_and_no_person_shows_a_sensitive_field(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    shown = [(await desk.get("/people")).text, (await desk.get(f"/people/{person}")).text]
    assert "桃溪望春" in shown[0]
    assert not [text for text in shown if identity() in text or PHONE in text or HOME in text]


async def test_the_database_holds_no_sensitive_field_in_clear(settled: Front) -> None:
    await settled.client().made("/people", body())
    async with settled.app.state.shell.sessions.begin(settled.county) as session:
        rows = (await session.execute(text("SELECT CAST(people AS text) FROM people"))).scalars().all()
    kept = "".join(rows)
    assert not [secret for secret in (identity(), PHONE, HOME) if secret in kept or secret.encode().hex() in kept]


@pytest.mark.parametrize(("field", "value"), [("identity", identity()), ("phone", PHONE), ("address", HOME)])
async def test_a_sensitive_field_is_read_alone_and_leaves_a_trace(settled: Front, field: str, value: str) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    answer = await desk.get(f"/people/{person}/sealed/{field}", reason="visit")
    assert (answer.json(), answer.headers["Cache-Control"]) == ({"text": value}, "no-store")
    (line,) = await settled.trail()
    assert (line["action"], line["subject"], line["field"], line["reason"]) == (
        "person.disclose",
        person,
        field,
        "visit",
    )
    assert line["request_id"] == answer.headers["X-Request-Id"]


async def test_a_sensitive_field_is_not_read_without_a_reason(settled: Front) -> None:
    desk = settled.client()
    person = await desk.made("/people", body())
    assert problem(await desk.get(f"/people/{person}/sealed/phone")) == (422, "invalid-input")
    assert await settled.trail() == []


async def test_the_auditor_reads_the_trail_and_leaves_a_line(settled: Front) -> None:
    desk, auditor = settled.client(), settled.client(Role.AUDITOR)
    person = await desk.made("/people", body())
    await desk.get(f"/people/{person}/sealed/phone", reason="contact")
    (line,) = (await auditor.get("/audit", subject=person)).json()["items"]
    assert (line["action"], line["field"], line["reason"]) == ("person.disclose", "phone", "contact")
    assert [line["action"] for line in await settled.trail()] == ["person.disclose", "audit.view"]
    assert problem(await auditor.get("/people")) == (403, "forbidden")
    assert problem(await desk.get("/audit")) == (403, "forbidden")


async def test_no_answer_repeats_what_was_sent(settled: Front) -> None:
    wrong = body(name="桃溪望春" * 20, identity_number="999101194001010010", phone="虚构电话", kind="虚构类别")
    answer = await settled.client().post("/people", wrong)
    assert answer.status_code == 422
    assert not [value for value in wrong.values() if isinstance(value, str) and value in json.dumps(answer.json())]
