"""`scoring what-if` at a terminal."""

import asyncio
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bus.kafka import Kafka
from contracts import topics
from kit.database import Sessions, connect
from scoring import terminal
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.quarters import BOOK, Quarters
from support.databases import Database

Ask = Callable[..., Any]
PERIOD = "2022Q1"
DEAR = [{**item, "value_tenths": 30} if item["code"] == "lesson" else item for item in BOOK["items"]]


@pytest.fixture
def ask(county: County, shared_database: Callable[[str], Database]) -> Ask:
    """Run the command on this test's county, which gets a word of its own."""
    worker, word = shared_database("scoring").worker, f"c{new_id()[-12:]}"

    def open_all() -> tuple[Sessions, Kafka]:
        engine = connect(worker.url, worker.password, application="test", schema="scoring")
        return Sessions(engine), Kafka("nowhere:1")

    async def asked(*arguments: str, of: str | None = None) -> Result:
        await county.apply([envelopes.read(topics.COUNTY, envelopes.county_event(county.id, 2, word))])
        app = typer.Typer()
        app.callback()(lambda: None)
        terminal.mount(app, open_all)
        given = ("what-if", "--county", of or word, *arguments)
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, given, env={"COLUMNS": "200"}))

    return asked


@pytest.fixture
async def quarters(county: County) -> Quarters:
    """Three people, of whom the first came to a lesson."""
    made = Quarters(county)
    await made.settle(PERIOD)
    await made.lesson(made.people[0], date(2022, 2, 9))
    return made


async def test_a_draft_is_tried_and_who_gains_is_told_with_the_reason(quarters: Quarters, ask: Ask) -> None:
    draft = await quarters.county.draft({**BOOK, "version": 2, "items": DEAR})
    result = await ask("--book", draft, "--period", PERIOD)
    told = result.output.splitlines()
    assert result.exit_code == 0
    assert told[1:3] == [f"{quarters.people[0]}  62.5 → 63（+0.5）", "    党课：1 × 2.5 = 2.5 → 1 × 3 = 3"]
    assert told[-2:] == [
        "共3人：增加1人，减少0人，不变2人，改为参加0人，不再参加0人，都不参加0人。",
        "全县合计：182.5 → 183（+0.5）。",
    ]


async def test_people_come_in_the_order_of_their_ids(quarters: Quarters, ask: Ask) -> None:
    draft = await quarters.county.draft({**BOOK, "version": 2, "base_tenths": {"A": 610}})
    told = (await ask("--book", draft, "--period", PERIOD)).output.splitlines()
    assert [line.split()[0] for line in told if " → " in line and line[0] in "0123456789"] == quarters.people


async def test_nothing_is_written(quarters: Quarters, ask: Ask) -> None:
    draft = await quarters.county.draft({**BOOK, "version": 2, "items": DEAR})
    await ask("--book", draft, "--period", PERIOD)
    before = await quarters.everything()
    await ask("--book", draft, "--period", PERIOD)
    assert await quarters.everything() == before


async def test_a_file_is_linted_on_the_spot_and_tried(quarters: Quarters, ask: Ask, tmp_path: Path) -> None:  # noqa: ARG001
    file = tmp_path / "book.json"
    file.write_text(json.dumps({**BOOK, "base_tenths": {"A": 590}}))
    result = await ask("--file", str(file), "--period", PERIOD)
    assert (result.exit_code, "减少3人" in result.output) == (0, True)


async def test_a_file_that_the_linter_refuses_is_not_tried(quarters: Quarters, ask: Ask, tmp_path: Path) -> None:  # noqa: ARG001
    file = tmp_path / "book.json"
    file.write_text(json.dumps({**BOOK, "base_tenths": {}}))
    result = await ask("--file", str(file), "--period", PERIOD)
    assert (result.exit_code, "base_tenths" in result.output, "合计" in result.output) == (1, True, False)


async def test_what_is_not_there_is_a_sentence(quarters: Quarters, ask: Ask) -> None:
    draft = await quarters.county.draft({**BOOK, "version": 2})
    for arguments, of, sentence in (
        (("--book", draft, "--period", "2022Q2"), None, "2022Q2尚未开启"),
        (("--book", new_id(), "--period", PERIOD), None, "没有编号为"),
        (("--book", draft, "--period", PERIOD), "nowhere", "没有代号为“nowhere”的县"),
    ):
        result = await ask(*arguments, of=of)
        assert (result.exit_code, sentence in result.output) == (1, True), result.output


async def test_a_book_and_a_file_at_once_or_neither_are_refused(quarters: Quarters, ask: Ask) -> None:  # noqa: ARG001
    result = await ask("--period", PERIOD)
    assert (result.exit_code, "--book or --file" in result.output) == (2, True)
