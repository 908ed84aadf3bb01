"""Starts `python -m stack …` for tests of how it ends, and tells what is left running."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SHOWN_WITHIN = 200.0


def until(condition: Callable[[], object], what: str, seconds: float = SHOWN_WITHIN) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.02)


def left_running(folder: Path) -> dict[int, str]:
    """The live processes that hold the lock of this state folder, and their command lines."""
    found: dict[int, str] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(descriptor.readlink() == folder / "lock" for descriptor in (process / "fd").iterdir()):
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # it ended while we looked
    return found


@dataclass(frozen=True)
class Outside:
    """A stack seen as its user sees it: a process, what it prints, its state folder."""

    folder: Path
    process: "subprocess.Popen[str]"

    def until(self, condition: Callable[[], object], what: str) -> None:
        until(lambda: condition() or self.process.poll() is not None, what)
        if self.process.returncode is not None:
            raise AssertionError(f"the stack ended: {self.end()}")

    def await_ready(self) -> dict[str, object]:
        self.until(lambda: self._facts().get("pid") == self.process.pid, "no stack.json")
        return self._facts()

    def _facts(self) -> dict[str, object]:
        path = self.folder / "stack.json"
        facts: dict[str, object] = json.loads(path.read_text()) if path.exists() else {}
        return facts

    def send(self, which: signal.Signals) -> None:
        self.process.send_signal(which)

    def end(self) -> tuple[int, str]:
        """Wait for its end: exit code, and all that it printed."""
        printed, _ = self.process.communicate(timeout=SHOWN_WITHIN)
        return self.process.returncode, printed


@contextmanager
def started(folder: Path, what: str = "servers", env: dict[str, str] | None = None) -> Iterator[Outside]:
    """`servers` for PostgreSQL and Kafka alone, `serve` for the services too."""
    command = [sys.executable, "-m", "stack", what, "--state", str(folder)]
    with subprocess.Popen(  # noqa: S603 - our own arguments
        ["setpriv", "--pdeathsig", "TERM", *command],  # noqa: S607 - wherever it is
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **(env or {})},
    ) as process:
        try:
            yield Outside(folder, process)
        finally:
            process.kill()
