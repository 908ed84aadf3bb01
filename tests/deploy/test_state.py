"""The state folder: its lock, its version, its secrets."""

import json
from pathlib import Path

import pytest

from stack.refusal import Refused
from stack.state import State


def test_data_of_another_version_are_refused_in_one_sentence(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.prepare()
    (tmp_path / "version").write_text("0\n")
    with pytest.raises(Refused, match="are of version 0 and this is version 1: remove that folder"):
        state.prepare()


def test_a_folder_with_somebody_elses_data_is_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(Refused, match="not Jinqiu's"):
        State(tmp_path).prepare()
    assert not (tmp_path / "version").exists()


def test_a_second_stack_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with (
        State(tmp_path).held(),
        pytest.raises(Refused, match="already running"),
        State(tmp_path).held(),
    ):
        pass


def test_the_lock_is_free_after_its_holder(tmp_path: Path) -> None:
    with State(tmp_path).held():
        pass
    with State(tmp_path).held():
        pass


def test_a_secret_is_made_once_and_only_we_can_read_it(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.prepare()
    path = state.secret("field_key")
    assert state.secret("field_key").read_bytes() == path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_description_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.prepare()
    with state.described({"kafka": "somewhere"}):
        assert state.description.stat().st_mode & 0o777 == 0o600
        assert json.loads(state.description.read_text())["kafka"] == "somewhere"
    assert not state.description.exists()


def test_the_description_of_a_killed_stack_is_gone_before_the_next_one_starts(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text("{}")
    with State(tmp_path).held():
        assert not (tmp_path / "stack.json").exists()
