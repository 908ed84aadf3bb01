"""`scoring lint FILE`, as whoever writes a book runs it: without a server and without settings."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scoring.__main__ import app
from services.scoring.histories import DOCUMENT
from services.scoring.test_processes import run


def lint(folder: Path, content: str) -> tuple[int, list[str]]:
    file = folder / "book.json"
    file.write_text(content, encoding="utf-8")
    ended = CliRunner().invoke(app, ["lint", str(file)])
    return ended.exit_code, ended.stdout.splitlines()


def test_a_sound_book_is_called_so(tmp_path: Path) -> None:
    assert lint(tmp_path, json.dumps(DOCUMENT)) == (0, ["没有问题，可以采用。"])


def test_every_refusal_is_told_with_its_place(tmp_path: Path) -> None:
    items = [{**DOCUMENT["items"][0], "event": "user.login"}, *DOCUMENT["items"][1:]]
    code, told = lint(tmp_path, json.dumps({**DOCUMENT, "starts_on": "2022-02-01", "items": items}))
    assert code == 1
    assert told[0] == "starts_on：施行日期必须是一个季度的第一天。"
    assert told[1].startswith("items[0].event：“登录”不能计分")


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 99_999, '"book"', "null", "\x00"])
def test_what_is_no_book_is_said_to_be_none(tmp_path: Path, content: str) -> None:
    assert lint(tmp_path, content) == (1, ["文件不是积分办法：应是一个 JSON 对象。"])


def test_it_needs_no_settings(tmp_path: Path) -> None:
    file = tmp_path / "book.json"
    file.write_text("{}", encoding="utf-8")
    ended = run("lint", str(file))
    assert (ended.returncode, ended.stderr) == (1, "")
    assert run("lint", str(tmp_path / "none.json")).returncode == 2
