"""Nothing that identifies anybody is anywhere but in registry's own tables: canaries in every field, broken and whole.

A stack of its own is told a county's story in which every free text is a canary, with Taoyuan's whole roster beside it,
then everything wrong that a clerk, a stranger or a broken producer may send; then every place is searched where a trace
could lie.
"""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
import pytest_asyncio

from stack.demo import TAOYUAN
from support import canaries_events, canaries_story, stacks
from support.canaries import CANARY, Search, spellings
from support.canaries_outside import Outside, Remote

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("canaries")]

WITHIN_S = 120.0
COLUMNS = ("姓名", "身份证号", "电话", "人员类别", "住址")
PHONES = rb"(?<![0-9a-f])109000[12]\d{4}(?![0-9a-f])"
NUMBERS = rb"999[12]0[12](?:19|20)\d{9}[0-9X]"
HOMES = ("虚构", "示例大道", "示例路", f"{CANARY.han}路")
NAMED = {
    "registry": {"people", "organisations", "users", "taxonomy_codes"},
    "scoring": {"judgements", "exemptions", "objections"},
}
"""The tables that hold names, because that is what they are for, or words that somebody writes about somebody."""


def pack() -> list[dict[str, str]]:
    return list(csv.DictReader((TAOYUAN / "roster.csv").read_text(encoding="utf-8-sig").splitlines()))


def roster() -> bytes:
    """The pack's people, without the codes that this county does not have."""
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS, extrasaction="ignore")
    rows.writeheader()
    rows.writerows(pack())
    return text.getvalue().encode("utf-8-sig")


NAMES = {row["姓名"][:2] for row in pack()}
PRIVATE = Search([*HOMES, CANARY.born, *CANARY.texts()[3:]], [PHONES, NUMBERS])
ANYTHING = Search([*HOMES, *NAMES, *CANARY.texts()], [PHONES, NUMBERS])


@pytest_asyncio.fixture(scope="module")
async def outside(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Outside]:
    """A stack that was told everything and has nothing left on its way."""
    folder = tmp_path_factory.mktemp("canaries") / "state"
    async with AsyncExitStack() as open_:
        stack = open_.enter_context(stacks.started(folder, "serve"))
        password = await asyncio.to_thread(_password, stack)
        told = Outside(folder, stack.await_ready())
        open_.push_async_callback(told.close)
        town = await canaries_story.tell(told, await _operator(told, password), roster())
        await canaries_story.spoil(told, town)
        await canaries_events.send(told)
        async with asyncio.timeout(WITHIN_S):
            while not await told.at_rest():  # noqa: ASYNC110 — only the stack knows
                await asyncio.sleep(0.2)
        yield told


def _password(stack: stacks.Outside) -> str:
    """The operator's, from the last screen."""
    assert stack.process.stdout is not None
    line = next(line for line in stack.process.stdout if line.startswith("login"))
    return str(json.loads(line[line.index("{") :])["password"])


async def _operator(outside: Outside, password: str) -> Remote:
    body = {"login": "operator", "password": password}
    token = (await outside.client("registry", None).http.post("/tokens", json=body)).json()["access_token"]
    return outside.client("registry", token)


async def test_everything_was_heard_and_most_of_it_refused(outside: Outside) -> None:
    """What the other tests search is not empty."""
    statuses = {answer.status_code for answer in outside.errors}
    assert statuses >= {400, 401, 404, 405, 409, 412, 413, 422, 428, 429}
    assert await outside.figure("jinqiu_bus_dead_letters_total") > 30
    assert await outside.figure("jinqiu_bus_applied_events_total") > 500
    logs = dict(outside.logs())
    assert {name for name in logs if b"request" in logs[name]} >= {"log/registry-api.log", "log/scoring-api.log"}
    assert b"an event was set aside" in logs["log/scoring-worker.log"]
    assert b"ERROR" in logs["log/postgres.log"]


def test_no_log_of_any_process_tells_anything(outside: Outside) -> None:
    assert {name: found for name, log in outside.logs() if (found := ANYTHING.in_(log))} == {}


async def test_no_metric_tells_anything(outside: Outside) -> None:
    assert {
        url: found for url, told in (await outside.metrics()).items() if (found := ANYTHING.in_(told.encode()))
    } == {}


async def test_no_message_on_any_topic_tells_anything(outside: Outside) -> None:
    """Nor does what a dead letter adds to the bytes that somebody else sent."""
    published = await outside.published()
    assert len(published) > 600
    assert {topic: found for topic, record in published if (found := ANYTHING.in_(record))} == {}


def test_no_error_repeats_what_was_sent(outside: Outside) -> None:
    told = {
        f"{answer.request.method} {answer.request.url} {answer.text[:300]}": found
        for answer in outside.errors
        if (found := ANYTHING.in_(f"{answer.headers} {answer.text}".encode()))
    }
    assert told == {}


def test_nothing_that_was_sent_is_the_systems_fault(outside: Outside) -> None:
    failed = {f"{answer.request.method} {answer.request.url}" for answer in outside.errors if answer.is_server_error}
    assert failed == set()


@pytest.mark.parametrize("service", NAMED)
async def test_no_table_tells_anything_but_those_that_hold_names(outside: Outside, service: str) -> None:
    tables = await outside.tables(service, without=NAMED[service])
    assert tables["journal"]
    assert tables["idempotency"]
    found = {name: found for name, rows in tables.items() if (found := ANYTHING.in_("\n".join(rows).encode()))}
    assert found == {}


async def test_a_table_of_names_holds_no_number_phone_or_address(outside: Outside) -> None:
    tables = await outside.tables("registry")
    assert len(tables["people"]) > 500
    found = {name: found for name, rows in tables.items() if (found := PRIVATE.in_("\n".join(rows).encode()))}
    assert found == {}


@pytest.mark.parametrize("text", [CANARY.name(), CANARY.address(), CANARY.identity(), CANARY.phone(), CANARY.login()])
def test_a_canary_is_found_however_it_is_written(text: str) -> None:
    assert all(ANYTHING.in_(b"\x00" + form + b"x") for form in spellings(text))
    assert not ANYTHING.in_(replace(CANARY, han="示例", word="nobody", born="9" * 14, line="1" * 7).name().encode())


def test_everybody_of_the_pack_would_be_found() -> None:
    for row in pack():
        for column in ("姓名", "身份证号", "电话", "住址"):
            assert all(ANYTHING.in_(b" " + form + b" ") for form in (row[column].encode(),)), column
