"""What scoring listens to: everything of registry that points depend on, a batch at a time."""

import asyncio
from collections.abc import Sequence

import structlog
from prometheus_client import Counter

from bus import holds
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
from scoring.ledger.handlers import Key
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


async def rate_left_behind(work: Work, after: Key = ledger.BEFORE_ALL) -> list[Key]:
    """Rate a chunk of the accounts behind this one that have not seen their county's last opening; say which."""
    keys = await ledger.left_behind(work, after)
    await _rate(work, keys)
    return keys


async def _rate(work: Work, keys: Sequence[Key]) -> None:
    if keys:
        rules = await periods.hold(work, {county for county, _ in keys})
        await judgements.follow(work, await ledger.rate(work, keys, rules), rules)


SOURCES: tuple[Source[Seen], ...] = (
    source(topics.COUNTY, period_events.county),
    source(topics.ORGANISATION, branch_events.organisation),
    source(topics.PERSON, ledger_events.person),
    source(topics.MEMBERSHIP, ledger_events.membership),
    source(topics.PARTICIPATION, ledger_events.participation),
)
SUBSCRIPTIONS = (together(apply, *SOURCES),)

RATED = Counter("jinqiu_scoring_rated_accounts_total", "Accounts rated because a period was opened, count.")
NOT_RATED = Counter("jinqiu_scoring_not_rated_accounts_total", "Attempts to rate an account alone that failed, count.")
LOOK_EVERY_S = 0.5
TRY_AGAIN_S = 10.0
"""So long nobody looks after a pass that some account failed in: it stays pending, and a person has to see to it."""

log = structlog.get_logger()


class Ledger(Consumer[Work]):
    """The group's consumer, and beside it the task that rates what an opening left behind. Both end together."""

    async def run(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(super().run(stop))
            tasks.create_task(self._rate_left_behind(stop))

    async def _rate_left_behind(self, stop: asyncio.Event) -> None:
        """Pass over all accounts again and again, each pass in the order of the keys: a bad one is left behind."""
        after, failed = ledger.BEFORE_ALL, 0
        while not stop.is_set():
            keys, bad = await self._chunk(after, stop)
            failed += bad
            if keys:
                after = keys[-1]
                continue
            await holds.first(stop, wait_s=TRY_AGAIN_S if failed else LOOK_EVERY_S)
            after, failed = ledger.BEFORE_ALL, 0

    async def _chunk(self, after: Key, stop: asyncio.Event) -> tuple[list[Key], int]:
        """Rate one chunk in a transaction of its own; say whose accounts it was, and how many could not be rated."""
        keys, bad = list[Key](), 0
        try:
            async with self._sessions.begin(None) as session:
                work = self._listener.make_work(session)
                keys += await ledger.left_behind(work, after)
                await _rate(work, keys)
        except Exception as error:
            if transient(error):
                log.warning("cannot rate what was left behind yet", exc_info=error)
                return [], 0
            if not keys:
                raise
            log.warning("a chunk left behind cannot be rated, trying its accounts alone", accounts=len(keys))
            keys, bad = await self._one_by_one(keys, stop)
        RATED.inc(len(keys) - bad)
        return keys, bad

    async def _one_by_one(self, keys: Sequence[Key], stop: asyncio.Event) -> tuple[list[Key], int]:
        """Rate each in a transaction of its own, as far as it goes. A bad one stays pending and holds up nobody."""
        tried, bad = list[Key](), 0
        for key in keys:
            if stop.is_set():
                break
            try:
                async with self._sessions.begin(None) as session:
                    await _rate(self._listener.make_work(session), [key])
            except Exception as error:
                if transient(error):
                    log.warning("cannot rate what was left behind yet", exc_info=error)
                    break
                # The message may hold what is known of the person: its kind is told, and whose account it is.
                log.error("an account cannot be rated", county=key[0], person=key[1], error=type(error).__name__)  # noqa: TRY400
                NOT_RATED.inc()
                bad += 1
            tried.append(key)
        return tried, bad
