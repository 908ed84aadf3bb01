"""The services: what each process is told, and how it is started.

Secrets are files, so that no environment shows one.
"""

import os
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from stack import keys, ports
from stack.children import Program
from stack.postgres import DATABASE, Address, Role
from stack.state import State

Process = Literal["migrate", "api", "worker", "stream"]
ROLE_OF: Mapping[Process, str] = {"migrate": "owner", "api": "api", "worker": "worker", "stream": "worker"}
ROLES = ("owner", "api", "worker")
# Behind a proxy, what is on this machine is still reached directly.
DIRECT = {"NO_PROXY": ports.HOST, "no_proxy": ports.HOST}
ISSUER = "urn:jinqiu:registry"
JWKS_PATH = "/.well-known/jwks.json"


@dataclass(frozen=True)
class Service:
    """One service, with its default ports and the keys that only it is given."""

    name: str
    http: int
    metrics: int
    keys: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    stream: int | None = None  # where live tallies are kept, by one more process


REGISTRY_KEYS = {"signing_key": keys.signing_key, "field_key": keys.symmetric_key, "lookup_key": keys.symmetric_key}
SERVICES = (Service("registry", 18001, 18011, REGISTRY_KEYS), Service("scoring", 18002, 18012, stream=18022))


@dataclass(frozen=True)
class Placed:
    """A service at the ports that it got."""

    service: Service
    http: int
    metrics: int
    stream: int | None = None

    @property
    def processes(self) -> tuple[Process, ...]:
        """What runs for as long as the stack does."""
        return ("api", "worker") if self.stream is None else ("api", "worker", "stream")

    @property
    def urls(self) -> list[str]:
        """Where each of these processes says whether it is ready."""
        return [self.url, self.worker_url] + ([self.stream_url] if self.stream_url else [])

    @property
    def url(self) -> str:
        return f"http://{ports.HOST}:{self.http}"

    @property
    def worker_url(self) -> str:
        return f"http://{ports.HOST}:{self.metrics}"

    @property
    def stream_url(self) -> str | None:
        return None if self.stream is None else f"http://{ports.HOST}:{self.stream}"


@dataclass(frozen=True)
class Surroundings:
    """What every service of one stack shares."""

    state: State
    postgres: Address
    kafka: str
    issuer_url: str

    def role(self, service: str, kind: str) -> Role:
        name = f"{service}_{kind}"
        return Role(name, self.state.secret(name).read_text(), self.postgres.port, DATABASE)

    def prepare_database(self) -> None:
        """The database, and each service's roles and schema; as often as you like."""
        if DATABASE not in self.postgres.sql("SELECT datname FROM pg_database").splitlines():
            self.postgres.sql(f"CREATE DATABASE {DATABASE} TEMPLATE template0")
        for service in SERVICES:
            self._prepare_schema(service.name)

    def _prepare_schema(self, service: str) -> None:
        passwords = {f"{kind}_PASSWORD".upper(): self.role(service, kind).password for kind in ROLES}
        self.postgres.script("roles.sql", service=service, database=DATABASE, env=passwords)
        self.postgres.script("schema.sql", service=service, database=DATABASE)

    def program(self, placed: Placed, process: Process) -> Program:
        name = placed.service.name
        return self.python(f"{name} {process}", ["-m", name, process], self._variables(placed, process))

    def operator(self, placed: Placed, *arguments: str) -> Program:
        """Registry's command for operators, as worker: an operator has no county, so the api role sees no row."""
        variables = self._variables(placed, "worker")
        return self.python("registry operator", ["-m", "registry", "operator", *arguments], variables)

    def topics(self) -> Program:
        return self.python("topics", ["-m", "bus", "topics", "--bootstrap", self.kafka], {})

    def worker_environment(self, placed: Placed) -> bytes:
        """What the worker is told, for a shell that reads it and runs the service's commands."""
        lines = [f"{name}={shlex.quote(value)}" for name, value in self._variables(placed, "worker").items()]
        return ("\n".join(lines) + "\n").encode()

    def python(self, name: str, arguments: list[str], variables: Mapping[str, str]) -> Program:
        return Program(
            name=name,
            argv=[sys.executable, *arguments],
            log=self.state.logs / f"{name.replace(' ', '-')}.log",
            env={**os.environ, **DIRECT, "PYTHONUNBUFFERED": "1", **variables},
        )

    def _variables(self, placed: Placed, process: Process) -> dict[str, str]:
        service = placed.service
        role = self.role(service.name, ROLE_OF[process])
        told = {
            "database_url": role.url,
            "database_password_file": str(self.state.secret(role.name)),
            "kafka_bootstrap": self.kafka,
            "http_host": ports.HOST,
            "http_port": str(placed.http),
            "metrics_port": str(placed.metrics),
            "issuer": ISSUER,
            "audience": service.name,
            "jwks_url": self.issuer_url + JWKS_PATH,
        }
        if placed.stream is not None:
            told["stream_port"] = str(placed.stream)
        files = {f"{key}_file": str(self.state.secret(key, make)) for key, make in service.keys.items()}
        return {f"{service.name}_{name}".upper(): value for name, value in {**told, **files}.items()}
