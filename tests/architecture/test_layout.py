"""Files are small, functions are small, and names say what a thing is for."""

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    [*ROOT.glob("libs/*/src/**/*.py"), *ROOT.glob("services/*/src/**/*.py"), *ROOT.glob("deploy/local/src/**/*.py")]
)
DRAWERS = {
    "utils",
    "util",
    "common",
    "helpers",
    "helper",
    "manager",
    "managers",
    "base",
    "misc",
    "core",
    "data",
    "info",
}
MAX_LINES, MAX_KIT_FILES = 300, 8


def functions(path: Path) -> list[int]:
    """How many lines each function's body has, its docstring left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [_body(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_thing(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_no_name_is_a_drawer() -> None:
    named = {path: {path.stem, *path.relative_to(ROOT).parts[3:-1]} for path in SOURCES}
    assert [str(path) for path, names in named.items() if names & DRAWERS] == []


def test_functions_stay_short() -> None:
    lengths = sorted(length for path in SOURCES for length in functions(path))
    assert statistics.median(lengths) <= 10
    assert lengths[len(lengths) * 9 // 10] <= 35


def test_kit_does_not_become_a_drawer() -> None:
    files = [path for path in (ROOT / "libs/kit/src/kit").glob("*.py") if path.stem != "__init__"]
    assert len(files) <= MAX_KIT_FILES
