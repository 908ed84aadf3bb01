"""What a bare machine lacks is told in one sentence, before anything is installed."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

REPOSITORY = Path(__file__).parents[2]
SCRIPT = REPOSITORY / "deploy" / "local" / "bootstrap.py"


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def a_python(folder: Path, answer: str, code: int = 0) -> str:
    """A command that answers the probe as some interpreter would."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\necho '{answer}'\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


def test_python_3_14_is_refused_in_one_sentence(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON", a_python(tmp_path, "3 14 whole"))
    with pytest.raises(bootstrap.Refused, match=r"needs Python 3\.11, 3\.12 or 3\.13 and found 3\.14"):
        bootstrap.choose_python()


def test_a_python_without_venv_is_refused_with_what_to_install(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON", a_python(tmp_path, "3 12 bare"))
    with pytest.raises(bootstrap.Refused, match=r"python3\.12 has no venv module: .*apt install python3\.12-venv"):
        bootstrap.choose_python()


def test_a_shim_that_is_there_and_fails_is_no_python(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON", a_python(tmp_path, "pyenv: python3.12: command not found", code=127))
    with pytest.raises(bootstrap.Refused, match="found none that runs"):
        bootstrap.choose_python()


def test_a_usable_python_is_chosen(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON", sys.executable)
    assert bootstrap.choose_python() == sys.executable


class Usage(NamedTuple):
    total: int = 0
    used: int = 0
    free: int = 1_000_000_000


def test_too_little_disk_space_is_refused(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: Usage())
    with pytest.raises(bootstrap.Refused, match=r"has 1\.0 GB free and the installation needs 1\.5 GB"):
        bootstrap.check_machine()


def test_a_missing_setpriv_is_refused(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    with pytest.raises(bootstrap.Refused, match="setpriv is missing: install util-linux"):
        bootstrap.check_machine()


def test_it_imports_nothing_but_the_standard_library() -> None:
    isolated = [sys.executable, "-S", "-I", "-c", f"exec(open({str(SCRIPT)!r}).read().split('if __name__')[0])"]
    code = f"__file__ = {str(SCRIPT)!r}; " + isolated[-1]
    done = subprocess.run([*isolated[:-1], code], env=dict(os.environ), capture_output=True, check=False)  # noqa: S603
    assert done.stderr == b""


@pytest.mark.parametrize("lock", ["requirements.lock", "deploy/local/bootstrap.lock"])
def test_a_lock_has_a_hash_for_every_package_and_no_address(lock: str) -> None:
    text = (REPOSITORY / lock).read_text()
    packages = [block for block in text.split("\n") if "==" in block and not block.startswith((" ", "#"))]
    assert packages
    assert all(line.endswith("\\") for line in packages)
    assert "://" not in text
    assert "file:" not in text
