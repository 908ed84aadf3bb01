"""`python -m bus topics`: what Kafka needs before any service starts."""

import asyncio
from typing import Annotated

import typer

from bus.catalogue_topics import wanted
from bus.errors import CannotStart
from bus.kafka import Kafka
from bus.kafka.topics import ensure

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def bus() -> None:
    """Prepare Kafka for Jinqiu."""


@app.command()
def topics(  # noqa: PLR0913, PLR0917 — a command's options
    bootstrap: Annotated[str, typer.Option(envvar="BUS_KAFKA_BOOTSTRAP", help="host:port, several with commas")],
    replication: Annotated[int, typer.Option(min=1, help="copies of each partition")] = 1,
    username: Annotated[str | None, typer.Option(envvar="BUS_KAFKA_USERNAME", help="SASL user, if Kafka asks")] = None,
    password: Annotated[str | None, typer.Option(envvar="BUS_KAFKA_PASSWORD")] = None,
    ca_file: Annotated[str | None, typer.Option(envvar="BUS_KAFKA_CA_FILE", help="use TLS and trust this")] = None,
    prefix: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Create the catalogue's topics and dead-letter topics, and prove that they can be written."""
    kafka = Kafka(bootstrap, prefix, username, password, tls=ca_file is not None, ca_file=ca_file)
    try:
        made = asyncio.run(ensure(kafka, wanted(), replication))
    except CannotStart as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{len(wanted())} topics are there and writable, {len(made)} of them new")


if __name__ == "__main__":
    app()
