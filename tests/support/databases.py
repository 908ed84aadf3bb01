"""Databases for tests: a template per service, migrated once per run, and copies of it in some 30 ms.

The roles are the service's own (owner, api under row-level security, worker), made by the scripts
of deploy/postgres, so that what a test may do is what the service may do.
"""

import asyncio
import fcntl
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kit.database import connect
from kit.migrations import migrate
from stack.postgres import Address, Role

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Database:
    """A database that is this test's alone."""

    name: str
    service: str
    address: Address

    @property
    def owner(self) -> Role:
        return self._role("owner")

    @property
    def api(self) -> Role:
        return self._role("api")

    @property
    def worker(self) -> Role:
        return self._role("worker")

    def _role(self, kind: str) -> Role:
        return Role(f"{self.service}_{kind}", self.address.password, self.address.port, self.name)

    def sql(self, statement: str) -> str:
        """What psql prints for a statement, run as the superuser."""
        return self.address.sql(statement, self.name)


@dataclass(frozen=True)
class Databases:
    """Makes and drops the databases of one test run."""

    address: Address
    folder: Path

    def empty(self, service: str) -> Database:
        """The service's roles and its empty schema: what a migration starts from."""
        name = _new_name(service)
        self.address.sql(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        self._template(service)  # brings the roles
        self.address.script("schema.sql", service=service, database=name)
        return Database(name, service, self.address)

    def migrated(self, service: str) -> Database:
        """A copy of the service's migrated template (of its empty schema where it has no migrations)."""
        name = _new_name(service)
        self.address.sql(f"CREATE DATABASE {name} TEMPLATE {self._template(service)} STRATEGY file_copy")
        return Database(name, service, self.address)

    def drop(self, database: Database) -> None:
        self.address.sql(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")

    def _template(self, service: str) -> str:
        name = f"template_{service}"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two xdist workers want it at the same moment
            if name not in self.address.sql("SELECT datname FROM pg_database").splitlines():
                self._make_template(service, name)
        return name

    def _make_template(self, service: str, name: str) -> None:
        draft = f"{name}_draft"
        self.address.sql(f"DROP DATABASE IF EXISTS {draft} WITH (FORCE)")
        self.address.sql(f"CREATE DATABASE {draft} TEMPLATE template0 STRATEGY file_copy")
        passwords = {f"{kind}_PASSWORD": self.address.password for kind in ("OWNER", "API", "WORKER")}
        self.address.script("roles.sql", service=service, database=draft, env=passwords)
        self.address.script("schema.sql", service=service, database=draft)
        migrations = REPOSITORY / "services" / service / "migrations"
        if (migrations / "env.py").exists():
            owner = Database(draft, service, self.address).owner
            with ThreadPoolExecutor(1) as beside:  # the test's own loop may be running here
                beside.submit(asyncio.run, _migrate(owner, service, migrations)).result()
        self.address.sql(f"ALTER DATABASE {draft} RENAME TO {name}")


async def _migrate(owner: Role, service: str, migrations: Path) -> None:
    engine = connect(owner.url, owner.password, application="template", schema=service)
    try:
        await migrate(engine, migrations)
    finally:
        await engine.dispose()


def _new_name(service: str) -> str:
    return f"{service}_{secrets.token_hex(6)}"
