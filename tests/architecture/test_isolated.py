"""Each service starts from its own lock: in the shared environment a missing declaration would go unnoticed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = str(Path(sys.executable).parent / "uv")
# What its processes import; the stream's part is imported by its own process alone.
STARTED = {
    "registry": ("registry.app", "registry.__main__"),
    "scoring": ("scoring.app", "scoring.__main__", "scoring.live"),
}
LIBRARIES = ("libs/contracts", "libs/kit", "libs/bus")


def run(*command: str, within: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=within, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.parametrize("service", STARTED)
def test_a_service_needs_nothing_but_its_own_lock(service: str, tmp_path: Path) -> None:
    python = str(tmp_path / "venv/bin/python")
    lock = str(ROOT / f"services/{service}/requirements.lock")
    made = run(UV, "venv", "--quiet", "--python", sys.executable, "venv", within=tmp_path)
    assert made.returncode == 0, made.stderr
    synced = run(UV, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock, within=ROOT)
    assert synced.returncode == 0, synced.stderr
    members = [str(ROOT / member / "src") for member in (*LIBRARIES, f"services/{service}")]
    code = f"import sys; sys.path[:0] = {members!r}; import {', '.join(STARTED[service])}"
    imported = run(python, "-I", "-c", code, within=tmp_path)
    assert imported.returncode == 0, imported.stderr
