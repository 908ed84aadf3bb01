"""A child ends when its parent ends, however the parent ends."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.children import ChildDied, Children, Program
from support.stacks import left_running, until


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[int]:
    lock = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    yield lock
    os.close(lock)


def a_program(folder: Path, command: str) -> Program:
    return Program(name="the sleeper", argv=["/bin/sh", "-c", command], log=folder / "log", env=dict(os.environ))


def test_a_child_of_a_killed_parent_ends(tmp_path: Path) -> None:
    parent = textwrap.dedent("""
        import os, sys, time
        from pathlib import Path
        from stack.children import Children, Program
        folder = Path(sys.argv[1])
        children = Children(os.open(folder / "lock", os.O_RDWR | os.O_CREAT))
        children.start(Program("sleeper", ["sleep", "600"], folder / "log", env=dict(os.environ)))
        (folder / "started").touch()
        time.sleep(600)
    """)
    with subprocess.Popen([sys.executable, "-c", parent, str(tmp_path)]) as process:  # noqa: S603 - our own
        until(lambda: any("sleep 600" in line for line in left_running(tmp_path).values()), "the child was not started")
        process.kill()
    until(lambda: not left_running(tmp_path), "the child outlived its parent", 10)


def test_a_child_that_dies_is_named_with_its_last_words(tmp_path: Path, lock: int) -> None:
    children = Children(lock)
    children.start(a_program(tmp_path, "echo no room at the inn; exit 3")).process.wait()
    with pytest.raises(ChildDied, match=r"the sleeper ended with exit code 3[\s\S]*no room at the inn"):
        children.check()
    children.stop()


def test_a_child_that_ignores_the_request_is_killed(tmp_path: Path, lock: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stack.children.PATIENCE", 0.2)
    children = Children(lock)
    child = children.start(a_program(tmp_path, "trap '' TERM; echo ready; while :; do sleep 0.01; done"))
    until(lambda: "ready" in child.last_words(), "the trap was not set")
    children.stop()
    assert child.process.returncode == -signal.SIGKILL
    assert children.running == []


def test_one_failure_among_programs_run_to_their_end_is_told(tmp_path: Path, lock: int) -> None:
    children = Children(lock)
    with pytest.raises(ChildDied, match="exit code 7"):
        children.complete([a_program(tmp_path, "exit 0"), a_program(tmp_path, "exit 7")])
    assert children.running == []


def test_a_child_is_not_started_from_a_thread(tmp_path: Path, lock: int) -> None:
    raised: list[BaseException] = []

    def start() -> None:
        try:
            Children(lock).start(a_program(tmp_path, "exit 0"))
        except RuntimeError as error:
            raised.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(raised[0])
