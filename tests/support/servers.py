"""One PostgreSQL and one Kafka per test run, started when the first worker collected a test that wants them."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from stack.postgres import Address
from support import keeper

REPOSITORY = Path(__file__).parents[2]
RUNS = REPOSITORY / ".local"
PREFIX = "test-"
READY_WITHIN = 180.0
ENDED_WITHIN = 30.0


@dataclass(frozen=True)
class Run:
    """The folder that the controller and the xdist workers of one run share; its name ends in the controller's pid."""

    folder: Path

    @classmethod
    def of_controller(cls) -> "Run":
        return cls(RUNS / f"{PREFIX}{os.getpid()}")

    @property
    def controller(self) -> int:
        return int(self.folder.name.removeprefix(PREFIX))

    def start(self, wanted: Collection[str]) -> None:
        """Start the keeper, unless another worker has; does not wait for the servers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._keeper_pid.exists():
                _remove_leftovers()
                self._spawn(wanted)

    def _spawn(self, wanted: Collection[str]) -> None:
        with (self.folder / "keeper.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own arguments
                [sys.executable, keeper.__file__, str(self.folder), str(self.controller), *sorted(wanted)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._keeper_pid.write_text(str(process.pid))
        process.returncode = 0  # it is not ours to wait for

    @property
    def _keeper_pid(self) -> Path:
        return self.folder / "keeper.pid"

    def postgres(self) -> Address:
        port, password = self._await("postgres").split()
        return Address(int(port), password)

    def kafka(self) -> str:
        return self._await("kafka")

    def _await(self, server: str) -> str:
        deadline = time.monotonic() + READY_WITHIN
        while not (self.folder / server).exists():
            if (self.folder / keeper.FAILED).exists() or time.monotonic() > deadline:
                raise RuntimeError(f"The test servers did not start: {self._why()}")
            time.sleep(0.05)
        return (self.folder / server).read_text()

    def _why(self) -> str:
        told = self.folder / keeper.FAILED
        return told.read_text() if told.exists() else f"see {self.folder}"

    def stop(self) -> None:
        """End the servers and remove what they wrote; a failed start is left to be looked at."""
        if not self._keeper_pid.exists():
            return
        pid = int(self._keeper_pid.read_text())
        if _alive(pid):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + ENDED_WITHIN
        while _alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)


def _remove_leftovers() -> None:
    """Remove what runs that were killed have left."""
    for folder in RUNS.glob(f"{PREFIX}*"):
        if not _alive(int(folder.name.removeprefix(PREFIX))):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
