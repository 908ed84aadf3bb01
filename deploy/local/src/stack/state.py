"""The state folder: data, secrets and logs of one stack, and the lock that says whether it runs.

lock         held by the stack and inherited by its children; free only when all are gone
version      of the data in this folder
secrets/     passwords and keys, one a file, mode 600
postgres/ kafka/ log/
stack.json   only while it runs: where everything is, mode 600
"""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stack.refusal import Refused

# Raise it when data written before can no longer be read: another PostgreSQL major, another layout.
DATA_VERSION = "1"
OURS = ("secrets", "postgres", "kafka", "log")
LOCK_PATIENCE = 15.0


def new_password() -> bytes:
    return secrets.token_urlsafe(24).encode()


@dataclass(frozen=True)
class State:
    folder: Path

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def description(self) -> Path:
        return self.folder / "stack.json"

    def prepare(self) -> None:
        """Make the folder, or refuse one that is not ours or of another version."""
        version = self.folder / "version"
        if version.exists():
            self._require_version(version.read_text().strip())
        elif any((self.folder / name).exists() for name in OURS):
            raise Refused(f"{self.folder} holds something that is not Jinqiu's: set JINQIU_STATE to another folder.")
        for folder in (self.folder, self.logs, self.folder / "secrets"):
            folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "secrets").chmod(0o700)
        version.write_text(DATA_VERSION + "\n")

    def _require_version(self, found: str) -> None:
        if found != DATA_VERSION:
            raise Refused(
                f"The data in {self.folder} are of version {found} and this is version {DATA_VERSION}:"
                " remove that folder (or set JINQIU_STATE to another) to start afresh."
            )

    def worker_environment(self, service: str) -> Path:
        """Where a shell finds what the service's worker was told, while it runs."""
        return self.folder / f"{service}-worker.env"

    def secret(self, name: str, make: Callable[[], bytes] = new_password) -> Path:
        """The file of a secret, made the first time."""
        path = self.folder / "secrets" / name
        if not path.exists():
            write_private(path, make())
        return path

    @contextmanager
    def held(self) -> Iterator[int]:
        """Hold the lock; a stack that still runs here is refused, one that is ending is waited for."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._lock(lock)
            yield lock
        finally:
            os.close(lock)

    def _lock(self, lock: int) -> None:
        deadline = time.monotonic() + LOCK_PATIENCE
        while not _locked(lock):
            if self._keeper_lives() or time.monotonic() > deadline:
                raise Refused(
                    f"A stack is already running in {self.folder}: stop it, or set JINQIU_STATE to another folder."
                )
            time.sleep(0.05)
        os.truncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        self.description.unlink(missing_ok=True)  # of a stack that was killed

    def _keeper_lives(self) -> bool:
        text = (self.folder / "lock").read_text()
        return text.isdigit() and Path("/proc", text).exists()

    @contextmanager
    def described(self, facts: Mapping[str, object]) -> Iterator[None]:
        """Tell other tools where everything is, for as long as it is there."""
        write_private(self.description, json.dumps(facts, indent=2, ensure_ascii=False).encode() + b"\n")
        try:
            yield
        finally:
            self.description.unlink(missing_ok=True)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only we can read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
