"""The commands with which somebody at a terminal looks at a county; neither changes anything.

scoring recount --county taoyuan
scoring what-if --county taoyuan --book ID --period 2022Q1
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bus.errors import CannotStart
from bus.kafka import Kafka
from bus.transient import transient
from kit.database import Sessions
from scoring import app as composition
from scoring import consumers
from scoring.ids import CountyId
from scoring.periods.domain import PeriodNotFound
from scoring.recount import handlers as recounts
from scoring.recount.domain.report import Report
from scoring.recount.handlers import CannotCompare, Listening
from scoring.rulebooks import handlers as rulebooks
from scoring.rulebooks.domain import BookNotFound, recall
from scoring.whatif import handlers as trials
from scoring.whatif.domain import Tally, Trial, telling
from scoring.work import Work

Connect = Callable[[], tuple[Sessions, Kafka]]
T = TypeVar("T")

County = Annotated[str, typer.Option(help="the county's word, such as taoyuan")]
SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def mount(app: typer.Typer, connect: Connect) -> None:
    """Add the commands. `connect` reads the worker's settings and opens nothing yet."""

    @app.command("recount")
    def _recount(county: County) -> None:
        """Fold a county again from its topics alone and compare it with the tables; status 1 if they differ."""
        started = time.monotonic()
        report = _run(connect, lambda sessions, kafka: _counted(sessions, kafka, county))
        for line in _told(report, time.monotonic() - started):
            typer.echo(line)
        if not report.equal:
            raise typer.Exit(1)

    @app.command("what-if")
    def _what_if(
        county: County,
        period: Annotated[str, typer.Option(help="an opened quarter, such as 2022Q1")],
        book: Annotated[str | None, typer.Option(help="the id of a draft or an adopted book")] = None,
        file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="a book's document")] = None,
    ) -> None:
        """Say who would gain or lose under another book, and why. Nothing is written."""
        if (book is None) == (file is None):
            raise typer.BadParameter("name either --book or --file")
        document = None if file is None else _sound(file)
        _run(connect, lambda sessions, _: _tried(sessions, county, period, book or "", document))


async def _counted(sessions: Sessions, kafka: Kafka, county: str) -> Report:
    listening = Listening(consumers.GROUP, consumers.SOURCES)
    with _bar() as bar:
        task = bar.add_task("reading the topics", total=None)

        def tell(done: int, records: int) -> None:
            bar.update(task, completed=done, total=records)

        async with _looking(sessions) as work:
            return await recounts.recount(work, kafka, county, listening, tell)


def _told(report: Report, seconds: float) -> list[str]:
    counts = ", ".join(f"{report.counted[what]} {name}" for what, name in NAMES.items())
    records = report.records
    lines = [f"recounted {counts} from {records} records in {seconds:.1f} s ({records / max(seconds, 0.001):.0f}/s)"]
    lines += [f"not applied yet: {count} of {topic}" for topic, count in sorted(report.waiting.items()) if count]
    lines += [f"{count} {what}" for what, count in report.aside().items() if count]
    lines += [f"{each.what} of {each.person} {each.which}: {each.how}" for each in report.first]
    if report.equal:
        return [*lines, "equal: the tables hold what the topics come to"]
    different = ", ".join(f"{count} {what}" for what, count in sorted(report.different.items()))
    return [*lines, f"different: {different}"]


NAMES = {"person": "people", "fact": "facts", "cell": "cells", "line": "lines", "total": "totals", "frozen": "frozen"}


async def _tried(sessions: Sessions, word: str, period: str, book: str, document: str | None) -> None:
    async with _looking(sessions) as work:
        county = await trials.county_named(work, word)
        other = recall(document) if document else await trials.book_of(work, county, book)
        trial = await trials.trial_of(work, county, period, other)
        await _tell_trial(work, county, trial)


async def _tell_trial(work: Work, county: CountyId, trial: Trial) -> None:
    counted = Tally()
    typer.echo(telling.heading(trial))
    with _bar() as bar:
        task = bar.add_task("试算", total=await trials.size(work, county))
        async for chunk in trials.everybody(work, county, trial):
            for outcome in chunk:
                counted.add(outcome)
                for line in telling.lines(outcome):
                    typer.echo(line)
            bar.advance(task, len(chunk))
    for line in telling.summary(counted):
        typer.echo(line)


def linted(file: Path) -> tuple[dict[str, Any], list[str]]:
    """Read a book's document from a file, with a line for each reason for which it would be refused."""
    try:
        document = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return {}, ["文件不是积分办法：应是一个 JSON 对象。"]
    return document, [f"{each.path or '全文'}：{each.sentence}" for each in rulebooks.refusals(document)]


def _sound(file: Path) -> str:
    """The text of a book that has nothing against it."""
    document, against = linted(file)
    for line in against:
        typer.echo(line, err=True)
    if against:
        raise typer.Exit(1)
    return json.dumps(document)


@asynccontextmanager
async def _looking(sessions: Sessions) -> AsyncIterator[Work]:
    """One transaction that sees one moment and cannot write."""
    async with sessions.begin(None) as session:
        await session.connection(execution_options=SNAPSHOT)
        yield composition.make_work(session, None, datetime.now(UTC))


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _run(connect: Connect, look: Callable[[Sessions, Kafka], Coroutine[Any, Any, T]]) -> T:
    """Look with the worker's connections; what is in the way is one sentence and status 1."""

    async def connected() -> T:
        sessions, kafka = connect()
        try:
            return await look(sessions, kafka)
        finally:
            await sessions.engine.dispose()

    try:
        return asyncio.run(connected())
    except (CannotCompare, CannotStart, BookNotFound, PeriodNotFound, trials.CountyNotFound) as error:
        typer.echo(str(error), err=True)
    except Exception as error:
        if not transient(error):
            raise
        typer.echo(f"PostgreSQL or Kafka is away, try again: {type(error).__name__}", err=True)
    raise typer.Exit(1)
