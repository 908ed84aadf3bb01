"""Child processes that end when we do, however we end.

`setpriv --pdeathsig` has the kernel signal a child when the thread that forked it ends, a `kill -9`
included; so children are started from the main thread only. The shell between checks that we are
still there, for the moment before the signal is armed. Each child also inherits the lock of the
state folder: the lock is free only when the last of them is gone.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 10.0  # seconds between asking a child to stop and killing it
POLL = 0.02
STILL_OURS = '[ "$PPID" = "$0" ] || exit 1; exec "$@"'


class ChildDied(Exception):
    """A child ended that should not have; the text names it and shows the end of its log."""


@dataclass(frozen=True)
class Program:
    """What to run, and how it wants to be asked to stop."""

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    privileges: Sequence[str] = ()  # further arguments of setpriv
    on_stop: signal.Signals = signal.SIGTERM
    on_our_death: str = "KILL"


@dataclass(frozen=True)
class Child:
    program: Program
    process: "subprocess.Popen[bytes]"

    def last_words(self, lines: int = 20) -> str:
        text = self.program.log.read_bytes()[-8192:].decode("utf-8", "replace")
        return "\n".join("  " + line for line in text.splitlines()[-lines:])

    def obituary(self) -> str:
        code = self.process.returncode
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        return f"{self.program.name} {how}; the end of {self.program.log}:\n{self.last_words()}"


@dataclass
class Children:
    """All the children of one stack, in the order in which they were started."""

    lock: int
    running: list[Child] = field(default_factory=list)

    def start(self, program: Program) -> Child:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("children die with the thread that started them: start them from the main thread")
        with program.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own argument lists, no shell reads them
                [*_guarded(program), *program.argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=program.folder,
                env=dict(program.env) or None,
                pass_fds=[self.lock],
                start_new_session=True,  # Ctrl-C is ours: we stop them in order
            )
        child = Child(program, process)
        self.running.append(child)
        return child

    def complete(self, programs: Iterable[Program]) -> None:
        """Run these side by side to their good end."""
        started = [self.start(program) for program in programs]
        for child in started:
            self.running.remove(child)
        try:
            for child in started:
                child.process.wait()
        finally:
            for child in started:
                _signal(child, signal.SIGKILL)
        for child in started:
            if child.process.returncode != 0:
                raise ChildDied(child.obituary())

    def check(self) -> None:
        """Raise if one of them has ended."""
        for child in self.running:
            if child.process.poll() is not None:
                raise ChildDied(child.obituary())

    def stop(self, *, only: Iterable[Child] | None = None) -> None:
        """Ask these (or all) to stop, all at once, and kill those that do not."""
        ending = list(self.running if only is None else only)
        for child in ending:
            _signal(child, child.program.on_stop)
        try:
            _await_end(ending)
        finally:
            for child in ending:
                _signal(child, signal.SIGKILL)
                child.process.wait()
                self.running.remove(child)


def run_once(
    argv: Sequence[str | Path], env: Mapping[str, str], folder: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a program that ends by itself, and keep what it said."""
    return subprocess.run(  # noqa: S603 - as above
        argv, env=env, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def _guarded(program: Program) -> list[str]:
    setpriv = ["setpriv", "--pdeathsig", program.on_our_death, *program.privileges]
    return [*setpriv, "/bin/sh", "-c", STILL_OURS, str(os.getpid())]


def _signal(child: Child, which: signal.Signals) -> None:
    if child.process.poll() is None:
        child.process.send_signal(which)


def _await_end(ending: Sequence[Child]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and any(child.process.poll() is None for child in ending):
        time.sleep(POLL)
