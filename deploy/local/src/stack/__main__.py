"""`python -m stack serve` and `… demo`: what `make stack` and `make demo` run."""

import logging
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from stack import demo_signin
from stack.children import ChildDied
from stack.demo import TAOYUAN, invite, play
from stack.demo_client import StoryRefused
from stack.demo_lag import StillBehind
from stack.jars import REPOSITORY
from stack.postgres import SqlFailed
from stack.refusal import Refused
from stack.running import Options, Stack, running

app = typer.Typer(help="The whole of Jinqiu on this machine, without Docker.", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)

State = Annotated[Path, typer.Option("--state", envvar="JINQIU_STATE", help="The folder of data, secrets and logs.")]
PostgresPort = Annotated[int | None, typer.Option(envvar="JINQIU_POSTGRES_PORT")]
KafkaPort = Annotated[int | None, typer.Option(envvar="JINQIU_KAFKA_PORT")]
RegistryPort = Annotated[int | None, typer.Option(envvar="JINQIU_REGISTRY_PORT")]
ScoringPort = Annotated[int | None, typer.Option(envvar="JINQIU_SCORING_PORT")]
DEFAULT_STATE = REPOSITORY / ".local"


@app.callback()
def prepare() -> None:
    """End in order when asked to: a closed terminal or a SIGTERM is a Ctrl-C."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # that Kafka is not there yet is no news
    for which in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


@app.command()
def serve(
    state: State = DEFAULT_STATE,
    postgres_port: PostgresPort = None,
    kafka_port: KafkaPort = None,
    registry_port: RegistryPort = None,
    scoring_port: ScoringPort = None,
) -> None:
    """Start everything and serve until Ctrl-C."""
    http = {"registry": registry_port, "scoring": scoring_port}
    with running(Options(state.absolute(), postgres_port, kafka_port, http), console) as stack:
        demo_signin.ensure_operator(stack)
        login = demo_signin.operator(stack.surroundings.state)
        console.print("\n" + "\n".join(demo_signin.addresses(stack, login)), soft_wrap=True, markup=False)
        console.print("The operator makes a county (POST /counties) and its admin (POST /counties/{id}/admins).")
        _serve(stack)
    console.print("Stopped.")


def _serve(stack: Stack) -> None:
    described = stack.surroundings.state.description
    console.print(f"\nServing until Ctrl-C. Addresses, and the passwords of the servers: {described}")
    serve_until_interrupted(stack)


@app.command()
def demo(  # noqa: PLR0913 — one option each
    state: State = DEFAULT_STATE,
    pack: Annotated[Path, typer.Option("--pack", help="The folder of a county's pack.")] = TAOYUAN,
    *,
    once: Annotated[bool, typer.Option("--once", help="End after printing: 0 only if every figure is right.")] = False,
    postgres_port: PostgresPort = None,
    kafka_port: KafkaPort = None,
    registry_port: RegistryPort = None,
    scoring_port: ScoringPort = None,
) -> None:
    """Start everything, play a county's story through the public APIs, print and compare its figures."""
    http = {"registry": registry_port, "scoring": scoring_port}
    with running(Options(state.absolute(), postgres_port, kafka_port, http), console) as stack:
        differences = play(stack, pack, console)
        if not once:
            invite(stack, pack, console)
            _serve(stack)
    if not once:
        console.print("Stopped.")
    if once and differences:
        raise SystemExit(1)


@app.command()
def servers(state: State = DEFAULT_STATE, postgres_port: PostgresPort = None, kafka_port: KafkaPort = None) -> None:
    """Start PostgreSQL and Kafka only, with every role and schema, to run a service by hand beside them."""
    with running(Options(state.absolute(), postgres_port, kafka_port, services=()), console) as stack:
        _serve(stack)
    console.print("Stopped.")


def serve_until_interrupted(stack: Stack) -> None:
    """Watch the processes; Ctrl-C is the good end, a process that dies is the bad one."""
    try:
        while True:
            stack.check()
            time.sleep(0.2)
    except KeyboardInterrupt:
        console.print("\nStopping.")


def main() -> None:
    """What goes wrong is told in one sentence, without a traceback."""
    try:
        app()
    except (Refused, ChildDied, SqlFailed, StoryRefused, StillBehind) as reason:
        Console(stderr=True, highlight=False, soft_wrap=True, markup=False).print(f"stack: {reason}")
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
