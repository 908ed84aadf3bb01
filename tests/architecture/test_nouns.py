"""A noun reaches another noun of its service through `handlers` and `domain` only; what may do more is named here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOORS = {"handlers", "domain"}
# (who, what it reaches): why
ALLOWED = {
    ("registry.counties.api", "registry.users.api"): "a county's first admin is asked for with a user's fields",
    ("registry.departures.handlers", "registry.people.events"): "a death is told as the person's",
    ("registry.rosters.handlers", "registry.people.events"): "whoever a roster brings is told as a person",
    (
        "registry.rosters.handlers",
        "registry.people.repository",
    ): "a roster is compared with and written to people in bulk",
    ("scoring.explanations.api", "scoring.ledger.queries"): "explanations look at the ledger and own no table",
    ("scoring.explanations.handlers", "scoring.ledger.queries"): "the same",
}
TRAIL = "registry.audit.repository"  # every noun writes the trail


def reaches(source: str, noun: str, nouns: set[str]) -> Iterator[str]:
    """The modules of other nouns that a source imports past their doors."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{each.name}" for each in node.names]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        else:
            continue
        for name in names:
            service, other, *rest = [*name.split("."), "", ""]
            if f"{service}.{other}" in nouns - {noun} and rest[0] and rest[0] not in DOORS:
                yield f"{service}.{other}.{rest[0]}"


def found() -> set[tuple[str, str]]:
    nouns = {f"{init.parts[-3]}.{init.parts[-2]}" for init in ROOT.glob("services/*/src/*/*/__init__.py")}
    pairs = set()
    for noun in nouns:
        service, name = noun.split(".")
        folder = ROOT / "services" / service / "src" / service / name
        for path in folder.rglob("*.py"):
            module = f"{noun}.{path.relative_to(folder).with_suffix('').parts[0]}"
            pairs |= {(module, other) for other in reaches(path.read_text("utf-8"), noun, nouns) if other != TRAIL}
    return pairs


def test_a_noun_comes_in_through_the_other_ones_door() -> None:
    assert found() - ALLOWED.keys() == set()


def test_no_exception_outlives_its_use() -> None:
    assert ALLOWED.keys() - found() == set()


@pytest.mark.parametrize(
    "line",
    [
        "from registry.people.repository import Entered",
        "import registry.people.tables",
        "from registry.people import queries",
    ],
)
def test_the_search_finds_who_climbs_in_elsewhere(line: str) -> None:
    assert list(reaches(line, "registry.rosters", {"registry.people", "registry.rosters"})) != []
