"""`registry operator create`: the first operator, whose password is never on a command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from conftest import MakeDatabase
from registry.__main__ import app
from support.databases import Database
from support.front import environment

OWN = "own-password-22"


@pytest.fixture
def own(database: MakeDatabase, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database without an operator, and the environment of a process on it."""
    made = database("registry")
    for name, value in environment(made.api.url, made.api.password).items():
        monkeypatch.setenv(f"REGISTRY_{name}", value)
    return made


def create(*options: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["operator", "create", *options], input=stdin)


def kept(database: Database) -> str:
    return database.sql("SELECT login, role, county, must_change, password_hash LIKE '$argon2id$%' FROM registry.users")


def test_a_drawn_password_is_printed_once_and_must_be_changed(own: Database) -> None:
    made = create("--name", "operator")
    assert (made.exit_code, len(made.stdout.strip())) == (0, 24)
    assert kept(own) == "operator|operator||t|t"


@pytest.mark.parametrize("by_file", [True, False])
def test_a_password_of_ones_own_comes_from_a_file_or_standard_input(
    own: Database, tmp_path: Path, *, by_file: bool
) -> None:
    file = tmp_path / "password"
    file.write_text(f"{OWN}\n", encoding="utf-8")
    made = create("--name", "operator", "--password-file", str(file) if by_file else "-", stdin=f"{OWN}\n")
    assert (made.exit_code, made.stdout) == (0, "")
    assert kept(own) == "operator|operator||f|t"


def test_a_second_operator_of_the_name_is_refused_or_passed_over(own: Database) -> None:
    create("--name", "operator")
    again = create("--name", "operator")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "登录名" in again.stderr
    passed = create("--name", "operator", "--if-missing")
    assert (passed.exit_code, passed.stdout) == (0, "")
    assert kept(own) == "operator|operator||t|t"


def test_a_weak_password_is_refused(own: Database) -> None:
    made = create("--name", "operator", "--password-file", "-", stdin="12345678901\n")
    assert (made.exit_code, kept(own)) == (1, "")


def test_a_login_that_nobody_could_sign_in_with_is_refused(own: Database) -> None:
    assert (create("--name", "操作员").exit_code, kept(own)) == (2, "")


def test_a_password_is_no_option(own: Database) -> None:
    assert (create("--name", "operator", "--password", OWN).exit_code, kept(own)) == (2, "")
