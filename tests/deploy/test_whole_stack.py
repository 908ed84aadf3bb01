"""`make stack` as a person at the terminal sees it: every process answers, and none is left."""

import os
import signal
from pathlib import Path

import httpx
import pytest

from support.stacks import left_running, started, until

pytestmark = pytest.mark.timeout(300)
PROCESSES = ("registry api", "registry worker", "scoring api", "scoring worker", "scoring stream")


def test_every_process_answers_and_a_kill_of_the_stack_leaves_none(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with started(folder, "serve") as stack:
        facts = stack.await_ready()
        for urls in (facts["services"], facts["workers"], facts["streams"]):
            assert isinstance(urls, dict)
            for url in urls.values():
                assert httpx.get(f"{url}/readyz", trust_env=False).json()["status"] == "ok"
        running = " ".join(left_running(folder).values())
        assert [process for process in PROCESSES if f"-m {process}" not in running] == []
        stack.send(signal.SIGKILL)
        until(lambda: not left_running(folder), "something outlived the stack", 10)


def test_a_worker_that_dies_is_named_and_ends_the_stack(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with started(folder, "serve") as stack:
        stack.await_ready()
        worker = next(pid for pid, line in left_running(folder).items() if "-m scoring worker" in line)
        os.kill(worker, signal.SIGKILL)
        code, printed = stack.end()
    assert code == 1
    assert "stack: scoring worker was killed by signal 9; the end of" in printed
    assert left_running(folder) == {}
