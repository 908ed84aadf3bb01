"""Install everything that Jinqiu needs into .venv, or say in one sentence why that cannot be.

Run by whatever `python3` there is, before anything is installed: standard library only, and written
so that an old Python can read it and say which one is wanted. A second run takes a tenth of a second.

    python3 deploy/local/bootstrap.py

PYTHON names the interpreter to use; else the first usable one of this and python3.13 … python3.11.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STAMP = VENV / "jinqiu.stamp"
MEMBERS = ("libs/contracts", "libs/kit", "libs/bus", "services/registry", "services/scoring", "deploy/local")
USABLE = ((3, 11), (3, 12), (3, 13))
NEEDED_BYTES = 1_500_000_000
# By running it: a shim of that name may be there and fail. ensurepip is what Debian leaves out of its venv.
PROBE = """
import sys
print(*sys.version_info[:2])
try:
    import venv, ensurepip
    print("whole")
except ImportError:
    print("bare")
"""


class Refused(Exception):
    """A reason to stop, said in one sentence."""


def candidates() -> list[str]:
    """Interpreters worth a try, the one that runs us first."""
    given = os.environ.get("PYTHON", "")
    return [given] if given else [sys.executable, "python3.13", "python3.12", "python3.11", "python3"]


def ask(*command: str) -> list[str]:
    """The words that a command answers, none where it does not run."""
    path = shutil.which(command[0])
    if path is None:
        return []
    done = subprocess.run(  # noqa: S603 - our own arguments
        [path, *command[1:]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    return done.stdout.decode().split() if done.returncode == 0 else []


def probe(command: str) -> tuple[tuple[int, int], bool] | None:
    """Which Python a command really is, and whether it can make a virtual environment."""
    answer = ask(command, "-c", PROBE)
    if not answer:
        return None
    major, minor, state = answer
    return (int(major), int(minor)), state == "whole"


def choose_python() -> str:
    """The first interpreter of a usable version that can make a virtual environment."""
    seen = []
    for command in candidates():
        found = probe(command)
        if found and found[0] in USABLE and found[1]:
            return command
        if found:
            seen.append(found[0])
    raise Refused(_why_none(seen))


def _why_none(seen: list[tuple[int, int]]) -> str:
    for major, minor in seen:
        if (major, minor) in USABLE:
            name = f"python{major}.{minor}"
            return f"{name} has no venv module: install it (on Debian and Ubuntu: apt install {name}-venv)."
    found = ", ".join(sorted({f"{major}.{minor}" for major, minor in seen})) or "none that runs"
    return f"Jinqiu needs Python 3.11, 3.12 or 3.13 and found {found}: install one, or name it with PYTHON=…"


def check_machine() -> None:
    """Refuse a machine on which a later step would fail halfway."""
    if sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"):
        raise Refused(f"the local stack runs on Linux, x86_64 or aarch64, and this is {platform.platform()}.")
    if shutil.which("setpriv") is None:
        raise Refused("setpriv is missing: install util-linux.")
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES:
        raise Refused(f"{ROOT} has {free / 1e9:.1f} GB free and the installation needs {NEEDED_BYTES / 1e9:.1f} GB.")


def fingerprint() -> str:
    """What the installation depends on: .venv is right as long as this is the same."""
    sources = [ROOT / "requirements.lock", ROOT / "deploy/local/bootstrap.lock", Path(__file__)]
    sources += [ROOT / member / "pyproject.toml" for member in MEMBERS]
    digest = hashlib.sha256(str(ROOT).encode())
    for path in sources:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_installed() -> bool:
    return STAMP.exists() and STAMP.read_text() == fingerprint() and (VENV / "bin" / "python").exists()


def run(*command: str, env: dict[str, str] | None = None) -> None:
    code = subprocess.run(command, env=env, check=False).returncode  # noqa: S603 - as above
    if code != 0:
        raise Refused(f"{' '.join(command[:4])} … failed with exit code {code}; what it said is above.")


def make_venv() -> None:
    """Make .venv, unless the one that is there runs a usable Python."""
    there = probe(str(VENV / "bin" / "python"))
    if there and there[0] in USABLE and (VENV / "bin" / "pip").exists():
        return
    python = choose_python()
    print(f"Making .venv with {python}", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    run(python, "-m", "venv", str(VENV))


def index_settings(python: str) -> dict[str, str]:
    """Let uv use the package index that this machine's pip is set to: uv does not read pip's settings."""
    index = os.environ.get("PIP_INDEX_URL") or "".join(ask(python, "-m", "pip", "config", "get", "global.index-url"))
    certificates = os.environ.get("PIP_CERT", "")
    settings = {"UV_DEFAULT_INDEX": index, "SSL_CERT_FILE": certificates}
    return {name: value for name, value in settings.items() if value and name not in os.environ}


def install() -> None:
    """The installer by pip, third parties by their hashes, our own packages as they lie here."""
    make_venv()
    python, uv = str(VENV / "bin" / "python"), str(VENV / "bin" / "uv")
    lock, installer = str(ROOT / "requirements.lock"), str(ROOT / "deploy/local/bootstrap.lock")
    print("Installing what requirements.lock lists", flush=True)
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(python, *pip, "--require-hashes", "-r", installer)
    env = {**os.environ, "VIRTUAL_ENV": str(VENV), **index_settings(python)}
    run(uv, "pip", "sync", "--quiet", "--require-hashes", lock, env=env)
    editable = [part for member in MEMBERS for part in ("--editable", str(ROOT / member))]
    run(uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", *editable, env=env)


def main() -> None:
    if is_installed():
        return
    check_machine()
    (ROOT / ".cache").mkdir(exist_ok=True)
    with (ROOT / ".cache" / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make demo` beside `make check`: one installs, the other waits
        if not is_installed():
            if STAMP.exists():
                STAMP.unlink()
            install()
            STAMP.write_text(fingerprint())


if __name__ == "__main__":
    try:
        main()
    except Refused as refusal:
        sys.exit(f"bootstrap: {refusal}")
    except KeyboardInterrupt:
        sys.exit("bootstrap: stopped; run it again to go on.")
