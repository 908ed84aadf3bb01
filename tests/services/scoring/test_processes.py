"""Scoring's commands as an operator runs them."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

NAMES = (
    "DATABASE_URL",
    "DATABASE_PASSWORD",
    "KAFKA_BOOTSTRAP",
    "HTTP_PORT",
    "METRICS_PORT",
    "ISSUER",
    "AUDIENCE",
    "JWKS_URL",
)


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **{f"SCORING_{name}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "scoring", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603


def settings(url: str, password: str) -> dict[str, str]:
    values = (url, password, "127.0.0.1:1", "18099", "18098", "https://jinqiu.test", "scoring", "http://nowhere/jwks")
    return dict(zip(NAMES, values, strict=True))


def test_from_an_empty_environment_every_missing_setting_is_named() -> None:
    ended = run("worker")
    assert ended.returncode == 2
    assert all(f"SCORING_{name}: " in ended.stderr for name in NAMES)


def test_migrating_twice_is_migrating_once(empty_database: Callable[[str], Any]) -> None:
    made = empty_database("scoring")
    given = settings(made.owner.url, made.owner.password)
    assert [run("migrate", **given).returncode for _ in range(2)] == [0, 0]
    assert made.sql("SELECT version_num FROM scoring.alembic_version") == "0007"


def test_without_dead_letters_the_list_says_so(database: Callable[[str], Any]) -> None:
    worker = database("scoring").worker
    ended = run("dead-letters", "list", **settings(worker.url, worker.password))
    assert (ended.returncode, ended.stdout.strip()) == (0, "no dead letters")
