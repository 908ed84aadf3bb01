"""The demo: a county's pack is loaded and its story played over HTTP; then its figures are read back and compared.

Every POST carries a key made from its step, so a second run, whenever it comes, changes nothing and prints the same.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from stack import demo_county, demo_lag, demo_signin, demo_story, figures
from stack.demo_county import County
from stack.demo_lag import Lag
from stack.demo_notices import tried
from stack.demo_pace import Pace
from stack.demo_reading import Reading, opened, read
from stack.demo_signin import Door
from stack.figures_shown import show_branches, show_people
from stack.jars import REPOSITORY
from stack.notices_shown import show_notices, show_objection, show_trial
from stack.pack import Pack, load
from stack.running import Stack
from stack.state import State

TAOYUAN = REPOSITORY / "deploy" / "counties" / "taoyuan"
TIMEOUT_S = 60.0
WATCHED_EVERY_S = 0.5
ORDERS_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""While the story is played they cancel it, so that nothing is broken off in the middle of a step."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the services answered, and each figure in which that is not what the pack expects."""

    reading: Reading
    differences: list[str]


def play(stack: Stack, folder: Path, console: Console) -> list[str]:
    """Play the pack's story on a running stack and print its figures. Returns what differs from the expected."""
    pack = load(folder)
    demo_signin.ensure_operator(stack)
    outcome = _until_told(stack, pack, console)
    reading = outcome.reading
    show_branches(console, reading.branch_names, reading.figures, figures.periods(pack))
    show_people(console, reading.explained)
    _show_published(console, reading)
    _conclude(console, outcome.differences)
    return outcome.differences


def _show_published(console: Console, reading: Reading) -> None:
    for notices in filter(None, reading.notices.values()):
        show_notices(console, notices, reading.names)
    for told in reading.objections:
        show_objection(console, told, reading.names)
    if reading.trial:
        show_trial(console, reading.trial, reading.names)


def invite(stack: Stack, folder: Path, console: Console) -> None:
    """Where to look, and as whom."""
    pack = load(folder)
    state = stack.surroundings.state
    logins = (demo_signin.admin(pack, state), demo_signin.deputy(pack, state))
    console.print()
    console.print("\n".join(demo_signin.addresses(stack, *logins)), soft_wrap=True, markup=False)


def _until_told(stack: Stack, pack: Pack, console: Console) -> Outcome:
    """Play to the end, or end in order: an order to stop, a process that died, a step that was refused."""
    before = {which: signal.getsignal(which) for which in ORDERS_TO_STOP}
    try:
        return asyncio.run(_watched(stack, pack, console))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    except BaseExceptionGroup as failures:
        stack.check()  # a process that died says more than whoever missed it
        raise _first(failures) from None
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """What went wrong first; the rest was stopped because of it."""
    cause = failures.exceptions[0]
    return _first(cause) if isinstance(cause, BaseExceptionGroup) else cause


async def _watched(stack: Stack, pack: Pack, console: Console) -> Outcome:
    """Play while an eye is kept on the processes: one that dies ends the story at once, with its last words."""
    if playing := asyncio.current_task():
        for which in ORDERS_TO_STOP:
            asyncio.get_running_loop().add_signal_handler(which, playing.cancel)
    async with asyncio.TaskGroup() as group:
        eye = group.create_task(_watch(stack))
        outcome = await _perform(stack, pack, console)
        eye.cancel()
    return outcome


async def _watch(stack: Stack) -> None:
    while True:
        stack.check()
        await asyncio.sleep(WATCHED_EVERY_S)


async def _perform(stack: Stack, pack: Pack, console: Console) -> Outcome:
    async with _tools(stack) as (http, lag):
        door = Door(http, stack.services["registry"].url, stack.services["scoring"].url)
        with _bar(console) as progress:
            county = await _open(door, pack, stack.surroundings.state, progress, lag)
            await _tell(county)
        reading = await read(county)
    differences = [*figures.differences(pack, reading.figures), *reading.contradictions]
    if reading.trial:
        differences += tried(pack, reading.trial, county.people)
    return Outcome(reading, differences)


async def _open(door: Door, pack: Pack, state: State, progress: Progress, lag: Lag) -> County:
    task = progress.add_task("", total=None)
    registry, scoring = await demo_signin.county_admin(door, pack, state)
    deputy = await demo_signin.county_deputy(door, pack, state, registry)

    async def settled() -> None:
        await lag.gone()
        await opened(scoring)

    county = County(pack, registry, scoring, deputy, Pace(progress, task), settled)
    progress.update(task, total=demo_county.posts(pack) + sum(demo_story.posts(each, pack) for each in pack.chapters))
    return county


async def _tell(county: County) -> None:
    """Each chapter begins when nothing of the one before is on its way any more."""
    county.pace.chapter(f"{county.pack.county['name']}：人员与组织")
    await demo_county.load(county)
    await county.settled()
    for chapter in county.pack.chapters:
        county.pace.chapter(chapter.title)
        await demo_story.play(county, chapter)
        await county.settled()


@asynccontextmanager
async def _tools(stack: Stack) -> AsyncIterator[tuple[httpx.AsyncClient, Lag]]:
    workers = [placed.worker_url for placed in stack.services.values()]
    async with (
        httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as http,
        demo_lag.watching(http, workers, stack.surroundings.kafka) as lag,
    ):
        yield http, lag


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def _conclude(console: Console, differences: list[str]) -> None:
    console.print()
    for difference in differences:
        console.print(f"[red]differs[/]  {difference}")
    if not differences:
        console.print("[green]Every figure is the one worked out by hand.[/]")
