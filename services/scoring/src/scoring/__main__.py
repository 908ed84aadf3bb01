"""`python -m scoring …`: the processes of this service."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bus import commands
from bus.errors import CannotStart
from bus.kafka import Kafka
from kit import logs
from kit.database import Sessions
from kit.http import serve
from kit.migrations import migrate as run_migrations
from kit.settings import load
from scoring import app as composition
from scoring import terminal
from scoring.settings import ScoringSettings, StreamSettings

MIGRATIONS = Path(__file__).parents[2] / "migrations"

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def _settings(process: str) -> ScoringSettings:
    settings = load(ScoringSettings)
    logs.setup(composition.SERVICE, process)
    return settings


@app.command()
def api() -> None:
    """Serve HTTP."""
    settings = _settings("api")
    engine = composition.engine_of(settings, "api")
    asyncio.run(serve(composition.build_api(settings, engine), settings.http_host, settings.http_port))


@app.command()
def worker() -> None:
    """Keep the ledger: fold events into it, and send what it published to Kafka."""
    asyncio.run(composition.work(_settings("worker")))


@app.command()
def stream() -> None:
    """Keep the live tallies and serve them. There is one such process; a second one says so and ends."""
    settings = load(StreamSettings)
    logs.setup(composition.SERVICE, "stream")
    try:
        asyncio.run(composition.stream(settings))
    except CannotStart as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@app.command()
def migrate() -> None:
    """Bring the schema up to date, as its owner, and end."""
    settings = _settings("migrate")

    async def run() -> None:
        engine = composition.engine_of(settings, "migrate")
        try:
            await run_migrations(engine, MIGRATIONS)
        finally:
            await engine.dispose()

    asyncio.run(run())


@app.command()
def lint(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="a book's document as JSON")]) -> None:
    """Say of a book, place by place, why it would be refused. Needs no server and no settings."""
    _, against = terminal.linted(file)
    for line in against:
        typer.echo(line)
    if against:
        raise typer.Exit(1)
    typer.echo("没有问题，可以采用。")


def _servers() -> tuple[Sessions, Kafka]:
    return composition.servers(load(ScoringSettings), "operator")


commands.mount(app, composition.SERVICE, _servers, composition.listener())
terminal.mount(app, _servers)

if __name__ == "__main__":
    app()
