"""The edge of an HTTP write, on a real database under row-level security."""

import asyncio
from typing import Any

import pytest


async def test_what_was_answered_is_stored(trial: Any) -> None:
    answer = await trial.post("/things", {"id": "a"})
    assert (answer.status_code, answer.json(), answer.headers["etag"]) == (201, {"id": "a"}, '"1"')
    assert await trial.things() == ["a"]


async def test_the_same_key_and_content_gets_the_first_answer_again(trial: Any) -> None:
    first = await trial.post("/things", {"id": "a"})
    again = await trial.post("/things", {"id": "a"})
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotent-replayed"] == "true"
    assert await trial.things() == ["a"]


async def test_two_requests_with_one_key_at_the_same_time_are_one(trial: Any) -> None:
    answers = await asyncio.gather(*(trial.post("/things", {"id": "a"}) for _ in range(4)))
    assert [(answer.status_code, answer.json()["id"]) for answer in answers] == [(201, "a")] * 4
    assert await trial.things() == ["a"]


async def test_a_key_reused_for_another_content_is_refused(trial: Any) -> None:
    await trial.post("/things", {"id": "a"})
    answer = await trial.post("/things", {"id": "b"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert await trial.things() == ["a"]


async def test_a_key_is_each_persons_own(trial: Any) -> None:
    await trial.post("/things", {"id": "a"})
    assert (await trial.post("/things", {"id": "b"}, who="c2/desk")).json() == {"id": "b"}


async def test_a_post_without_a_key_is_refused(trial: Any) -> None:
    answer = await trial.post("/things", {"id": "a"}, key=None)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key-missing")
    assert await trial.things() == []


async def test_a_refused_request_keeps_nothing_not_even_its_key(trial: Any) -> None:
    answer = await trial.post("/refusals", {"id": "a"})
    assert (answer.status_code, answer.json()["detail"]) == (409, "不行。")
    assert await trial.things() == []
    assert (await trial.post("/things", {"id": "a"})).status_code == 201


async def test_a_commit_that_fails_is_never_answered_with_success(trial: Any) -> None:
    answer = await trial.post("/things", {"id": "a", "twin": "nobody"})  # the deferred foreign key fails at commit
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert await trial.things() == []


async def test_a_route_that_forgets_its_answer_keeps_nothing(trial: Any) -> None:
    assert (await trial.post("/silences", {})).status_code == 500


async def test_a_request_that_came_too_early_is_tried_once_more(trial: Any) -> None:
    trial.early[0] = 1
    assert (await trial.post("/arrivals", {"id": "a"})).status_code == 201
    assert await trial.things() == ["a"]


async def test_a_request_that_stays_too_early_says_when_to_come_again(trial: Any) -> None:
    trial.early[0] = 5
    answer = await trial.post("/arrivals", {"id": "a"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-known-yet")
    assert answer.headers["retry-after"] == "5"
    assert await trial.things() == []


async def test_a_county_sees_its_own_rows_only(trial: Any) -> None:
    await trial.post("/things", {"id": "a"})
    await trial.post("/things", {"id": "b"}, who="c2/desk")
    assert (await trial.things(), await trial.things("c2/desk"), await trial.things("/operator")) == (["a"], ["b"], [])


@pytest.mark.parametrize(
    ("match", "status", "kind"),
    [(None, 428, "if-match-missing"), ('"2"', 412, "stale-version"), ("old", 412, "stale-version"), ('"1"', 200, "")],
)
async def test_a_change_names_the_version_it_saw(trial: Any, match: str | None, status: int, kind: str) -> None:
    headers = {"Authorization": "Bearer c1/desk"} | ({"If-Match": match} if match else {})
    answer = await trial.client.patch("/things/a", headers=headers)
    assert answer.status_code == status
    assert answer.json().get("type", "/problems/") == f"/problems/{kind}"


@pytest.mark.parametrize("header", [None, "Bearer", "Basic abc", "Bearer nobody"])
async def test_who_is_not_signed_in_is_told_so(trial: Any, header: str | None) -> None:
    answer = await trial.client.get("/things", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_a_wrong_field_is_named_and_its_value_is_not_repeated(trial: Any) -> None:
    answer = await trial.post("/things", {"id": "张金秋样例" * 9, "phone": "00000000000"})
    told = answer.json()
    assert answer.status_code == 422
    assert told["errors"] == [{"field": "id", "sentence": "太长"}, {"field": "phone", "sentence": "没有这一项"}]
    assert "张金秋样例" not in answer.text
    assert "00000000000" not in answer.text


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/../livez", 405)])
async def test_every_error_is_a_problem_document(trial: Any, path: str, status: int) -> None:
    answer = await trial.client.post(f"http://trial{path}" if ".." not in path else "http://trial/livez", json={})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["request"] == answer.headers["x-request-id"]


async def test_a_request_that_was_cut_off_is_no_request(trial: Any) -> None:
    """The half that came may be a whole list of half the people."""
    half = [{"type": "http.request", "body": b'{"id": "a"}', "more_body": True}, {"type": "http.disconnect"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return half.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"authorization", b"Bearer c1/desk"), (b"idempotency-key", b"a-key-of-eight")]
    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/things", "raw_path": b"/api/v1/things", "root_path": "",
        "query_string": b"", "headers": [*headers, (b"content-type", b"application/json")], "http_version": "1.1",
        "scheme": "http", "server": ("trial", 80), "client": ("192.0.2.1", 1), "asgi": {"version": "3.0"},
    }  # fmt: skip
    await trial.app(scope, receive, send)
    assert (sent, await trial.things()) == ([], [])


async def test_a_body_over_the_bound_is_refused(trial: Any) -> None:
    answer = await trial.post("/things", {"id": "a" * 20_000})
    assert answer.status_code == 413


async def test_the_openapi_tells_what_every_route_demands(trial: Any) -> None:
    told = trial.app.openapi()
    adding, changing = told["paths"]["/api/v1/things"]["post"], told["paths"]["/api/v1/things/{thing}"]["patch"]
    assert {each["name"]: each["required"] for each in adding["parameters"]} == {"idempotency-key": True}
    assert {each["name"]: each["required"] for each in changing["parameters"]} == {"thing": True, "if-match": True}
    assert adding["security"] == [{"HTTPBearer": []}]
    assert list(adding["responses"]) == ["201", "default"]
    assert "application/problem+json" in adding["responses"]["default"]["content"]


async def test_readiness_says_what_is_missing(trial: Any) -> None:
    assert (await trial.client.get("http://trial/readyz")).json() == {"status": "ok", "database": "ok"}
    assert (await trial.client.get("http://trial/livez")).json() == {"status": "ok"}
    assert "jinqiu_http_requests_total" in (await trial.client.get("http://trial/metrics")).text
