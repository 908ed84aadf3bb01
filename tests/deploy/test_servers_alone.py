"""`stack servers` as a person at the terminal sees it: real servers, real signals."""

import os
import signal
from pathlib import Path

import pytest

from stack.postgres import Address
from stack.state import State
from support.stacks import left_running, started, until

pytestmark = pytest.mark.timeout(180)


def address(folder: Path, facts: dict[str, object]) -> Address:
    databases = facts["postgres"]
    assert isinstance(databases, dict)
    port = int(databases["registry_owner"].rpartition(":")[2].partition("/")[0])
    return Address(port, State(folder).secret("postgres").read_text())


def test_a_killed_stack_leaves_nothing_and_the_next_one_has_its_data(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with started(folder) as first:
        server = address(folder, first.await_ready())
        server.sql("CREATE TABLE kept (what text); INSERT INTO kept VALUES ('the books')", "jinqiu")
        assert len(left_running(folder)) > 2
        first.send(signal.SIGKILL)
        until(lambda: not left_running(folder), "something outlived the stack", 10)
    with started(folder) as second:
        server = address(folder, second.await_ready())
        assert server.sql("SELECT what FROM kept", "jinqiu") == "the books"
        second.send(signal.SIGINT)
        code, printed = second.end()
    assert code == 0
    assert printed.endswith("Stopped.\n")
    assert left_running(folder) == {}
    assert not (folder / "stack.json").exists()


def test_a_server_that_dies_is_named_and_ends_the_stack(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with started(folder) as stack:
        stack.await_ready()
        os.kill(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        code, printed = stack.end()
    assert code == 1
    assert "stack: PostgreSQL was killed by signal 9; the end of" in printed
    assert left_running(folder) == {}


def test_an_order_to_stop_during_the_start_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with started(folder) as stack:
        stack.until(
            lambda: any("kafka.Kafka" in line for line in left_running(folder).values()), "Kafka was not started"
        )
        stack.send(signal.SIGTERM)
        code, _ = stack.end()
    assert code == 130
    assert left_running(folder) == {}
    assert not (folder / "stack.json").exists()


def test_a_taken_port_is_told_before_anything_is_started(tmp_path: Path, postgres: Address) -> None:
    folder = tmp_path / "state"
    with started(folder, env={"JINQIU_KAFKA_PORT": str(postgres.port)}) as stack:
        code, printed = stack.end()
    assert code == 1
    sentence = f"stack: Port {postgres.port}, given for Kafka, is taken: stop what listens there or give another one."
    assert printed.strip() == sentence
    assert not (folder / "postgres").exists()
    assert not (folder / "kafka").exists()


def test_two_stacks_started_at_once_share_no_port(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    with started(folders[0]) as one, started(folders[1]) as two:
        facts = [one.await_ready(), two.await_ready()]
    assert len({fact["kafka"] for fact in facts}) == 2
    assert len({address(folder, fact).port for folder, fact in zip(folders, facts, strict=True)}) == 2
