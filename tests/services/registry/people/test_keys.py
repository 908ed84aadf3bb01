"""A request that is sent again: the same answer, and nothing twice."""

import hashlib

from sqlalchemy import text

from services.registry.people.clerk import body, identity, problem
from support.books import new_id
from support.front import Front


async def test_a_key_used_again_answers_the_same_and_registers_once(settled: Front) -> None:
    desk, key = settled.client(), new_id()
    first, again = [await desk.post("/people", body(), key) for _ in range(2)]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(await settled.events("registry.person")) == 1


async def test_a_key_used_for_another_body_is_refused(settled: Front) -> None:
    desk, key = settled.client(), new_id()
    await desk.post("/people", body(), key)
    assert problem(await desk.post("/people", body(identity_number=identity(2)), key)) == (
        422,
        "idempotency-key-reused",
    )
    assert len(await settled.events("registry.person")) == 1


async def test_what_was_refused_is_not_remembered_under_its_key(settled: Front) -> None:
    desk, key = settled.client(), new_id()
    assert (await desk.post("/people", body(rank="unheard-of"), key)).status_code == 422
    assert (await desk.post("/people", body(), key)).status_code == 201


async def test_what_is_kept_of_a_request_cannot_be_guessed_from_its_body(settled: Front) -> None:
    answer = await settled.client().post("/people", body())
    plain = hashlib.sha256(b"\n" + answer.request.content).hexdigest()
    async with settled.app.state.shell.sessions.begin(settled.county) as session:
        kept = (await session.execute(text("SELECT request_hash FROM idempotency"))).scalars().all()
    assert kept
    assert plain not in kept


async def test_a_post_without_a_key_is_refused(settled: Front) -> None:
    assert problem(await settled.client().http.post("/people", json=body())) == (400, "idempotency-key-missing")
