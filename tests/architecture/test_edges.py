"""Only the edges commit and only the relay and the dead-letter door produce: found in the syntax trees."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("libs/*/src/**/*.py"), *ROOT.glob("services/*/src/**/*.py")])
# Whoever opens a transaction commits it: the HTTP edge, the consumer runner and relay, one-shot commands.
MAY_COMMIT = ("libs/kit/src/kit/database.py", "libs/kit/src/kit/migrations.py", "libs/bus/src/bus/")
# A transaction begins at an edge: kit's, the runner's, a command's, signing in (nobody's county yet), the rating chunk,
# the live tallies' look.
MAY_BEGIN = (
    "libs/kit/src/kit/",
    "libs/bus/src/bus/",
    "services/registry/src/registry/__main__.py",
    "services/registry/src/registry/users/api.py",
    "services/scoring/src/scoring/consumers.py",
    "services/scoring/src/scoring/live.py",
    "services/scoring/src/scoring/terminal.py",
)
MAY_PRODUCE = ("libs/bus/src/bus/",)


def calls(source: str, *methods: str) -> list[int]:
    """The lines on which one of the methods is called."""
    tree = ast.parse(source)
    found = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [func.lineno for func in found if isinstance(func, ast.Attribute) and func.attr in methods]


def offenders(may: tuple[str, ...], *methods: str) -> list[str]:
    paths = [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in SOURCES]
    return [f"{path}:{line}" for path, text in paths if not path.startswith(may) for line in calls(text, *methods)]


def test_application_code_never_commits() -> None:
    assert offenders(MAY_COMMIT, "commit", "rollback") == []


def test_transactions_begin_at_the_edges_only() -> None:
    assert offenders(MAY_BEGIN, "begin", "begin_nested") == []


def test_only_the_bus_produces() -> None:
    assert offenders(MAY_PRODUCE, "send", "send_and_wait", "produce") == []


@pytest.mark.parametrize(
    "line", ["await session.commit()", "work.session.rollback()", "await producer.send(x)", "sessions.begin(None)"]
)
def test_the_search_finds_what_it_looks_for(line: str) -> None:
    source = f"async def handler(session, work, producer, x):\n    {line}\n"
    assert calls(source, "commit", "rollback", "send", "begin") == [2]
