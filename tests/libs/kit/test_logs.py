"""Logs are JSON lines without a value that a person typed."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from kit import logs

CANARY = "张金秋样例"


@pytest.fixture
def fresh_logging() -> Iterator[None]:
    before = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:], level = before
    logging.root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("fresh_logging")
def test_an_error_is_told_by_type_and_place_only(capsys: pytest.CaptureFixture[str]) -> None:
    logs.setup("trial", "api")
    try:
        int(CANARY)
    except ValueError:
        structlog.get_logger().exception("request failed", request="r-1")
    line = capsys.readouterr().out
    told = json.loads(line)
    assert CANARY not in line
    assert (told["event"], told["error"], told["service"], told["request"]) == (
        "request failed", "ValueError", "trial", "r-1",
    )  # fmt: skip
    assert any(__name__.rpartition(".")[2] in place for place in told["where"])


@pytest.mark.usefixtures("fresh_logging")
def test_a_librarys_news_are_told_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    logs.setup("trial", "api")
    logging.getLogger("uvicorn.error").info("Uvicorn running on %s:%d", "127.0.0.1", 8001)
    assert json.loads(capsys.readouterr().out)["event"] == "Uvicorn running on 127.0.0.1:8001"


@pytest.mark.usefixtures("fresh_logging")
def test_a_librarys_warning_keeps_its_template_and_loses_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    logs.setup("trial", "api")
    logging.getLogger("sqlalchemy.engine").warning("row %s is odd", CANARY)
    line = capsys.readouterr().out
    assert CANARY not in line
    assert json.loads(line)["event"] == "row %s is odd"
