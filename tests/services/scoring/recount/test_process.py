"""The command as an operator runs it, with the worker's environment."""

from collections.abc import Callable

from services.scoring.test_processes import run, settings
from support.databases import Database


def test_without_kafka_a_recount_ends_with_a_sentence(database: Callable[[str], Database]) -> None:
    worker = database("scoring").worker
    ended = run("recount", "--county", "taoyuan", **settings(worker.url, worker.password))
    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (1, "Kafka does not answer at 127.0.0.1:1")


def test_a_trial_needs_no_kafka(database: Callable[[str], Database]) -> None:
    worker = database("scoring").worker
    arguments = ("what-if", "--county", "nowhere", "--book", "x", "--period", "2022Q1")
    ended = run(*arguments, **settings(worker.url, worker.password))
    assert (ended.returncode, ended.stderr) == (1, "积分系统里没有代号为“nowhere”的县。\n")


def test_without_postgresql_a_trial_ends_with_a_sentence() -> None:
    arguments = ("what-if", "--county", "nowhere", "--book", "x", "--period", "2022Q1")
    ended = run(*arguments, **settings("postgresql+asyncpg://nobody@127.0.0.1:1/jinqiu", "x"))
    assert ended.returncode == 1
    assert ended.stderr.startswith("PostgreSQL or Kafka is away, try again: ")
