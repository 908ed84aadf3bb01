"""The whole system as one context: everything is up inside it, and nothing is left after it."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from rich.console import Console

from stack import jars, kafka, postgres, preflight
from stack.children import Child, Children
from stack.ports import Ports
from stack.refusal import Refused
from stack.services import ROLES, SERVICES, Placed, Service, Surroundings
from stack.state import State, write_private

READY_WITHIN = 150.0
DEFAULT_POSTGRES = 15432
DEFAULT_KAFKA = 19092


@dataclass(frozen=True)
class Options:
    """What a person may decide. A given port must be free; one that is not given is replaced when taken."""

    state: Path
    postgres: int | None = None
    kafka: int | None = None
    http: Mapping[str, int | None] = field(default_factory=dict)
    services: Sequence[Service] = SERVICES  # none: only the servers, with every role and schema


@dataclass(frozen=True)
class Stack:
    """The running system, for whoever works with it."""

    children: Children
    surroundings: Surroundings
    services: Mapping[str, Placed]

    def check(self) -> None:
        """Raise ChildDied if a process has ended; call it while waiting for anything."""
        self.children.check()

    def facts(self) -> dict[str, object]:
        """What stack.json tells other tools."""
        around = self.surroundings
        roles = [around.role(service.name, kind) for service in SERVICES for kind in ROLES]
        return {
            "pid": os.getpid(),
            "kafka": around.kafka,
            "postgres": {role.name: role.dsn for role in roles},
            "services": {name: placed.url for name, placed in self.services.items()},
            "workers": {name: placed.worker_url for name, placed in self.services.items()},
            "streams": {name: placed.stream_url for name, placed in self.services.items() if placed.stream_url},
            "secrets": str(around.state.folder / "secrets"),
        }


@contextmanager
def running(options: Options, console: Console) -> Iterator[Stack]:
    """Start everything, in order, and stop it in the reverse: services first, then both servers."""
    preflight.check(options.state)
    state = State(options.state)
    with state.held() as lock:
        state.prepare()
        ports = Ports()  # kept until the end: it holds the ports against other stacks
        plan = _Plan(options, ports)
        for notice in ports.notices:
            console.print(notice)
        archive = jars.ensure()
        children = Children(lock)
        try:
            steps = _Steps(console, children, state)
            around = steps.servers(plan, archive)
            with steps.services(around, plan.services) as stack, state.described(stack.facts()):
                yield stack
        finally:
            children.stop()


class _Plan:
    """Every port, decided before anything starts."""

    def __init__(self, options: Options, ports: Ports) -> None:
        self.postgres = ports.choose("PostgreSQL", options.postgres, DEFAULT_POSTGRES)
        kafka_port = ports.choose("Kafka", options.kafka, DEFAULT_KAFKA)
        self.services = [
            Placed(
                service,
                ports.choose(service.name, options.http.get(service.name), service.http),
                ports.choose(f"{service.name}'s worker", None, service.metrics),
                service.stream and ports.choose(f"{service.name}'s stream", None, service.stream),
            )
            for service in options.services
        ]
        self.kafka = kafka.Listeners(kafka_port, ports.choose("Kafka's controller", None))

    @property
    def issuer(self) -> str:
        return next((placed.url for placed in self.services if placed.service.name == "registry"), "")


class _Steps:
    """The start, step by step, each told with the time it took."""

    def __init__(self, console: Console, children: Children, state: State) -> None:
        self._console, self._children, self._state = console, children, state
        self._begun = time.monotonic()

    def _tell(self, what: str) -> None:
        self._console.print(f"[dim]{time.monotonic() - self._begun:5.1f} s[/]  {what}")

    def servers(self, plan: _Plan, archive: Path) -> Surroundings:
        """Kafka takes longest, so PostgreSQL, the schemas and the migrations go on meanwhile."""
        kafka.start(self._children, self._state, plan.kafka, archive)
        _, address = postgres.start(self._children, self._state, plan.postgres)
        postgres.await_ready(self._children, address)
        around = Surroundings(self._state, address, plan.kafka.bootstrap, plan.issuer)
        around.prepare_database()
        self._tell(f"PostgreSQL 18 answers on port {address.port}")
        if plan.services:
            self._children.complete([around.program(placed, "migrate") for placed in plan.services])
            self._tell("the schemas are migrated")
        kafka.await_ready(self._children, plan.kafka.bootstrap)
        self._tell(f"Kafka takes records on {plan.kafka.bootstrap}")
        if plan.services:
            self._children.complete([around.topics()])
            self._tell("the topics are there")
        return around

    @contextmanager
    def services(self, around: Surroundings, placed: Sequence[Placed]) -> Iterator[Stack]:
        started: list[Child] = []
        try:
            for one in placed:
                started += [self._children.start(around.program(one, process)) for process in one.processes]
                write_private(self._state.worker_environment(one.service.name), around.worker_environment(one))
            self._await_ready(placed)
            yield Stack(self._children, around, {one.service.name: one for one in placed})
        finally:
            for one in placed:
                self._state.worker_environment(one.service.name).unlink(missing_ok=True)
            self._children.stop(only=started)

    def _await_ready(self, placed: Sequence[Placed]) -> None:
        deadline = time.monotonic() + READY_WITHIN
        with httpx.Client(timeout=5, trust_env=False) as client:
            for one in placed:
                for url in one.urls:
                    while missing := _missing(client, url):
                        self._children.check()
                        if time.monotonic() > deadline:
                            raise Refused(
                                f"{one.service.name} at {url} is not ready after {READY_WITHIN:.0f} s: {missing}"
                            )
                        time.sleep(0.1)
                self._tell(f"{one.service.name} is ready at {one.url}")


def _missing(client: httpx.Client, url: str) -> str:
    """What the service still lacks; nothing when it is ready."""
    try:
        answer = client.get(f"{url}/readyz")
    except httpx.TransportError as error:
        return type(error).__name__
    return "" if answer.is_success else answer.text
