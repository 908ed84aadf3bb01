"""The process that keeps PostgreSQL and Kafka for one test run: `keeper.py FOLDER CONTROLLER SERVER…`.

It outlives no run: it watches the controller (pytest itself) through a pidfd, which speaks up however
the controller ends. Should the keeper itself be killed, its children end with it.
"""

import os
import select
import shutil
import signal
import sys
from collections.abc import Collection
from pathlib import Path
from types import FrameType

from stack import jars, kafka, postgres
from stack.children import Children
from stack.ports import Ports
from stack.state import State, write_private

SERVERS = ("postgres", "kafka")
FAILED = "failed"


def _serve(folder: Path, wanted: Collection[str], lock: int, state: State, controller: int) -> None:
    children, ports = Children(lock), Ports()
    try:
        bootstrap = ""
        if "kafka" in wanted:  # first: it takes longest
            listeners = kafka.Listeners(ports.choose("Kafka", None), ports.choose("Kafka's controller", None))
            kafka.start(children, state, listeners, jars.ensure())
            bootstrap = listeners.bootstrap
        if "postgres" in wanted:
            _, address = postgres.start(children, state, ports.choose("PostgreSQL", None), durable=False)
            postgres.await_ready(children, address)
            write_private(folder / "postgres", f"{address.port} {address.password}".encode())
        if bootstrap:
            kafka.await_ready(children, bootstrap)
            write_private(folder / "kafka", bootstrap.encode())
        _until_gone(controller)
    finally:
        children.stop()


def _until_gone(controller: int) -> None:
    with os.fdopen(os.pidfd_open(controller)) as watched:
        select.select([watched], [], [])


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def main(folder: Path, controller: int, wanted: Collection[str]) -> None:
    signal.signal(signal.SIGTERM, _end)
    state = State(folder / "state")
    try:
        with state.held() as lock:
            state.prepare()
            _serve(folder, wanted, lock, state, controller)
    except SystemExit:
        pass  # we were asked to end
    except Exception as error:
        (folder / FAILED).write_text(f"{type(error).__name__}: {error}")
        raise
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
