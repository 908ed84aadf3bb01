"""A Kafka of a test's own, for those that stop it: the shared one is everybody's."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stack import jars, kafka
from stack.children import Child, Children
from stack.ports import Ports
from stack.state import State


@dataclass(frozen=True)
class Broker:
    """Runs, or stands still as on a host that froze: its ports take connections and nobody answers."""

    bootstrap: str
    children: Children
    child: Child

    def await_ready(self) -> None:
        """Wait until it takes records again; in a thread, for it has an event loop of its own."""
        with ThreadPoolExecutor(1) as thread:
            thread.submit(kafka.await_ready, self.children, self.bootstrap).result()

    def freeze(self) -> None:
        self.child.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.child.process.send_signal(signal.SIGCONT)


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    state, ports = State(folder), Ports()
    listeners = kafka.Listeners(ports.choose("Kafka", None), ports.choose("Kafka's controller", None))
    with state.held() as lock:
        state.prepare()
        children = Children(lock)
        started = Broker(listeners.bootstrap, children, kafka.start(children, state, listeners, jars.ensure()))
        try:
            yield started
        finally:
            started.thaw()
            children.stop()
