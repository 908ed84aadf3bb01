"""The bus's commands, which each service mounts in its own: `scoring dead-letters list`, `scoring republish`."""

import asyncio
import getpass
import os
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bus.errors import CannotStart, InvalidEvent
from bus.kafka import Kafka, Record, SendFailed
from bus.letters import CannotSettle, Letter, Letters
from bus.republish import republish
from bus.subscriptions import Listener
from kit.database import Sessions
from kit.logs import where


def _who() -> str:
    """Name the operator; a container's user may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


T = TypeVar("T")
Connect = Callable[[], tuple[Sessions, Kafka]]
"""Reads the settings and opens nothing yet; the engine is the worker role's."""

LetterId = Annotated[str, typer.Argument(help="as `list` shows it")]
By = Annotated[str, typer.Option(help="who does it, for the record", default_factory=_who)]


def mount(app: typer.Typer, service: str, connect: Connect, listener: Listener[Any] | None) -> None:
    """Add `republish`, and `dead-letters` for a service that listens to anybody."""
    _mount_republish(app, service, connect)
    if listener is not None:
        app.add_typer(
            _dead_letters(connect, listener), name="dead-letters", help="Look at what was set aside, settle it."
        )


def _mount_republish(app: typer.Typer, service: str, connect: Connect) -> None:
    @app.command("republish")
    def _republish() -> None:
        """Send the whole journal to empty topics, after Kafka lost them. Stop this service's workers first."""

        async def work(sessions: Sessions, kafka: Kafka) -> int:
            with Console(stderr=True).status("sending the journal") as status:
                return await republish(
                    sessions.engine, service, kafka, lambda count: status.update(f"sending the journal: {count} events")
                )

        count = _run(connect, work)
        typer.echo(f"{count} events sent. Now restart every worker, of all services.")


def _dead_letters(connect: Connect, listener: Listener[Any]) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True)

    @app.command("list")
    def _list(settled: Annotated[bool, typer.Option("--all", help="those that are settled too")] = False) -> None:
        """Show what was set aside and is still open."""
        found = _run(connect, lambda sessions, kafka: Letters(listener, sessions, kafka).list(settled=settled))
        table = Table("id", "set aside", "place", "handler", "reason", "state")
        for letter in found:
            table.add_row(
                letter.id, f"{letter.diverted_at:%Y-%m-%d %H:%M:%S}", _place(letter), letter.handler, letter.reason,
                letter.state,
            )  # fmt: skip
        Console().print(table if found else "no dead letters")

    @app.command("show")
    def _show(letter: LetterId) -> None:
        """Show one dead letter with its original bytes."""
        found, record = _run(connect, lambda sessions, kafka: Letters(listener, sessions, kafka).show(letter))
        for name in Letter.__slots__:
            typer.echo(f"{name:12} {getattr(found, name)}")
        typer.echo(_bytes(record))

    @app.command("replay")
    def _replay(letter: LetterId, by: By) -> None:
        """Hand the original bytes to the handler once more; the letter stays open if that fails."""
        new = _run(connect, lambda sessions, kafka: Letters(listener, sessions, kafka).replay(letter, by))
        typer.echo(f"{letter} was applied" if new else f"{letter} had been applied meanwhile; settled")

    @app.command("discard")
    def _discard(letter: LetterId, by: By) -> None:
        """Settle a dead letter without any effect, for good."""
        _run(connect, lambda sessions, kafka: Letters(listener, sessions, kafka).discard(letter, by))
        typer.echo(f"{letter} is discarded")

    return app


def _run(connect: Connect, work: Callable[[Sessions, Kafka], Coroutine[Any, Any, T]]) -> T:
    """Do it with the service's connections; what is wrong is one sentence and status 1."""

    async def connected() -> T:
        sessions, kafka = connect()
        try:
            return await work(sessions, kafka)
        finally:
            await sessions.engine.dispose()

    try:
        return asyncio.run(connected())
    except (CannotSettle, CannotStart, SendFailed) as error:
        typer.echo(str(error), err=True)
    except InvalidEvent as error:
        typer.echo(f"the handler still refuses it: {error}", err=True)
    except Exception as error:  # noqa: BLE001 — a handler's own fault, whatever it is; its message may quote a row
        state = getattr(getattr(error, "orig", None), "sqlstate", None)
        what = f"PostgreSQL refused it with state {state}" if state else type(error).__name__
        typer.echo(f"nothing was changed: {what}, in {where(error)[-1]}", err=True)
    raise typer.Exit(1)


def _place(letter: Letter) -> str:
    return f"{letter.topic}/{letter.partition}@{letter.offset}"


def _bytes(record: Record | None) -> str:
    if record is None:
        return "Kafka no longer has its bytes"
    if record.value is None:
        return "no value"
    return record.value.decode("utf-8", errors="backslashreplace")
