"""What scoring listens to: everything of registry that points depend on, a batch at a time."""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog
from prometheus_client import Counter

from bus.consumer import Consumer
from bus.subscriptions import Read, Source, source, together
from bus.transient import transient
from contracts import topics
from scoring.branches import events as branch_events
from scoring.branches import handlers as branches
from scoring.branches.events import OrganisationSeen
from scoring.judgements import handlers as judgements
from scoring.ledger import events as ledger_events
from scoring.ledger import handlers as ledger
from scoring.ledger.events import Told
from scoring.periods import events as period_events
from scoring.periods import handlers as periods
from scoring.periods.events import CountySeen
from scoring.work import Work

GROUP = "scoring"
"""The name under which Kafka and the inbox remember what was applied. Changing it reads everything again."""

Seen = CountySeen | OrganisationSeen | Told


async def apply(work: Work, reads: Sequence[Read[Seen]]) -> None:
    """Counties first, then organisations, then people, each kind in one pass: the order in which rows are locked."""
    values = [read.value for read in reads]
    counties = [value for value in values if isinstance(value, CountySeen)]
    organisations = [value for value in values if isinstance(value, OrganisationSeen)]
    told = [value for value in values if isinstance(value, Told)]
    rules = await periods.hold(work, {each.county for each in values}, counties)
    await branches.note(work, organisations, ledger.organisations_in(told))
    if told:
        await judgements.follow(work, await ledger.fold(work, told, rules), rules)


async def rate_left_behind(work: Work) -> int:
    """Rate a chunk of the accounts that have not seen their county's last opening; return how many it was."""
    if keys := await ledger.left_behind(work):
        rules = await periods.hold(work, {county for county, _ in keys})
        await judgements.follow(work, await ledger.rate(work, keys, rules), rules)
    return len(keys)


SOURCES: tuple[Source[Seen], ...] = (
    source(topics.COUNTY, period_events.county),
    source(topics.ORGANISATION, branch_events.organisation),
    source(topics.PERSON, ledger_events.person),
    source(topics.MEMBERSHIP, ledger_events.membership),
    source(topics.PARTICIPATION, ledger_events.participation),
)
SUBSCRIPTIONS = (together(apply, *SOURCES),)

RATED = Counter("jinqiu_scoring_rated_accounts_total", "Accounts rated because a period was opened, count.")
LOOK_EVERY_S = 0.5

log = structlog.get_logger()


class Ledger(Consumer[Work]):
    """The group's consumer, and beside it the task that rates what an opening left behind. Both end together."""

    async def run(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(super().run(stop))
            tasks.create_task(self._rate_left_behind(stop))

    async def _rate_left_behind(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if not await self._chunk():
                await _unless(stop, LOOK_EVERY_S)

    async def _chunk(self) -> int:
        """Rate one chunk in a transaction of its own; return how many accounts it was."""
        try:
            async with self._sessions.begin(None) as session:
                rated = await rate_left_behind(self._listener.make_work(session))
        except Exception as error:
            if not transient(error):
                raise
            log.warning("cannot rate what was left behind yet", exc_info=error)
            return 0
        RATED.inc(rated)
        return rated


async def _unless(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
