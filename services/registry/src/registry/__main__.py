"""`python -m registry …`: the processes of this service, and the one command that nobody could do over HTTP."""

import asyncio
import re
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bus import commands
from kit import logs
from kit.database import Sessions
from kit.http import serve
from kit.migrations import migrate as run_migrations
from kit.settings import load
from registry import app as composition
from registry.ids import UserId
from registry.sealing import Seals
from registry.settings import ApiSettings, RegistrySettings
from registry.users import handlers
from registry.users.domain import LOGIN, LoginTaken, WeakPassword

MIGRATIONS = Path(__file__).parents[2] / "migrations"

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
operator = typer.Typer(no_args_is_help=True, help="Operators: they establish counties and see no people.")
app.add_typer(operator, name="operator")


@app.command()
def api() -> None:
    """Serve HTTP."""
    settings = load(ApiSettings)
    logs.setup(composition.SERVICE, "api")
    engine = composition.engine_of(settings, "api")
    asyncio.run(serve(composition.build_api(settings, engine), settings.http_host, settings.http_port))


@app.command()
def worker() -> None:
    """Send what was published to Kafka."""
    settings = load(RegistrySettings)
    logs.setup(composition.SERVICE, "worker")
    asyncio.run(composition.work(settings))


@app.command()
def migrate() -> None:
    """Bring the schema up to date, as its owner, and end."""
    settings = load(RegistrySettings)
    logs.setup(composition.SERVICE, "migrate")

    async def run() -> None:
        engine = composition.engine_of(settings, "migrate")
        try:
            await run_migrations(engine, MIGRATIONS)
        finally:
            await engine.dispose()

    asyncio.run(run())


@operator.command()
def create(
    login: Annotated[str, typer.Option("--name", help="the login: lower-case letters, digits, . _ -")],
    password_file: Annotated[
        Path | None, typer.Option(help="the password, - for standard input; without it one is drawn and printed once")
    ] = None,
    *,
    if_missing: Annotated[bool, typer.Option(help="an operator of this name is no error")] = False,
) -> None:
    """Create an operator. A drawn password must be changed at the first sign-in."""
    settings = load(ApiSettings)
    if not re.fullmatch(LOGIN, login):
        raise typer.BadParameter("lower-case letters, digits, . _ - only, a letter first", param_hint="--name")
    password = _read(password_file) if password_file else secrets.token_urlsafe(18)
    try:
        asyncio.run(_create(settings, login, password, must_change=password_file is None))
    except LoginTaken as error:
        if if_missing:
            return
        _refuse(error)
    except WeakPassword as error:
        _refuse(error)
    if password_file is None:
        typer.echo(password)


def _read(file: Path) -> str:
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    return text.rstrip("\r\n")


def _refuse(error: Exception) -> None:
    typer.echo(str(error), err=True)
    raise typer.Exit(1)


async def _create(settings: ApiSettings, login: str, password: str, *, must_change: bool) -> UserId:
    engine = composition.engine_of(settings, "operator")
    make_work = composition.make_work_with(Seals(settings.field_keys(), settings.lookup_bytes()))
    try:
        async with Sessions(engine).begin(None) as session:
            work = make_work(session, None, datetime.now(UTC))
            return (await handlers.create_operator(work, login, password, must_change=must_change)).id
    finally:
        await engine.dispose()


commands.mount(app, composition.SERVICE, lambda: composition.servers(load(RegistrySettings), "operator"), None)

if __name__ == "__main__":
    app()
