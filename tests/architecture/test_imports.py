"""Every import contract holds, and each has been seen to bite."""

import configparser
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BREAKING = tomllib.loads((ROOT / "tests/architecture/breaking.toml").read_text(encoding="utf-8"))
PREFIX = "importlinter:contract:"


def contracts() -> dict[str, str]:
    """Each contract's id and name."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    return {part.removeprefix(PREFIX): config[part]["name"] for part in config.sections() if part.startswith(PREFIX)}


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    sources = [str(source) for source in sorted(tree.glob("*/*/src"))]
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--config", str(ROOT / ".importlinter")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sources), "COLUMNS": "300"}
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the sources that a test may break."""
    for source in sorted([*ROOT.glob("libs/*/src"), *ROOT.glob("services/*/src")]):
        shutil.copytree(source, tmp_path / source.relative_to(ROOT), ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_contract_is_kept(tree: Path) -> None:
    done = lint(tree)
    assert done.returncode == 0, done.stdout


def test_every_noun_is_under_the_rule_for_nouns() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    ruled = set(config[f"{PREFIX}nouns"]["containers"].split())
    nouns = {f"{init.parts[-3]}.{init.parts[-2]}" for init in ROOT.glob("services/*/src/*/*/__init__.py")}
    assert nouns == ruled


def test_every_contract_has_a_line_that_breaks_it() -> None:
    assert set(BREAKING) == set(contracts())


@pytest.mark.parametrize("contract", sorted(BREAKING))
def test_a_contract_bites(tree: Path, contract: str) -> None:
    broken = tree / BREAKING[contract]["file"]
    broken.write_text(f"{broken.read_text(encoding='utf-8')}\n{BREAKING[contract]['line']}\n", encoding="utf-8")
    said = lint(tree).stdout
    reported = [key for key, name in contracts().items() if f"{name} BROKEN" in said]
    assert reported == [contract], said
