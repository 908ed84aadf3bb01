"""A history played on real PostgreSQL: two workers fold at once, and a clerk decides, opens and closes meanwhile."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import text

from bus.errors import RetryLater
from bus.subscriptions import Read
from scoring import consumers
from scoring.consumers import Seen
from scoring.ids import BookId, Quarter
from scoring.ledger import handlers as ledger
from scoring.ledger.domain.standing import Exemption
from scoring.work import Work
from services.scoring.counties import County
from services.scoring.envelopes import judged, news
from services.scoring.histories import Arrival, Closing, History, Move, Opening, Reopening, Step

TURN = """
    UPDATE periods SET state = CAST(:state AS text),
        closed_at = CASE WHEN CAST(:state AS text) = 'open' THEN NULL ELSE now() END
    WHERE county = :county AND period = :period
"""
ARRIVED = """
    SELECT xid FROM unnest(CAST(:xids AS text[])) AS xid
    WHERE pg_visible_in_snapshot(CAST(xid AS xid8), pg_current_snapshot())
      AND pg_xact_status(CAST(xid AS xid8)) = 'committed'
"""


@dataclass
class Play:
    """`log` says in which order it came to pass: what a close saw of the batches is asked of PostgreSQL."""

    county: County
    history: History
    places: list[Read[Seen]] = field(default_factory=list)
    books: dict[str, BookId] = field(default_factory=dict)
    log: list[Step] = field(default_factory=list)
    batches: dict[str, list[Arrival]] = field(default_factory=dict)  # by transaction, those not in the log yet

    async def play(self, random: Random) -> None:
        for quarter, sheet in self.history.sheets.items():
            word = f"{sheet['word']}-{quarter.lower()}"
            self.books[quarter] = await self.county.adopt({**sheet, "word": word})
        dealt: tuple[list[list[Arrival]], ...] = ([], [])
        for batch in self.history.batches(random):
            random.choice(dealt).append(batch)
        parts = (self._work(dealt[0], random), self._work(dealt[1], random), self._clerk(random))
        # Whoever went on after another one had failed would hold a connection of an engine that is gone by then.
        ended = await asyncio.gather(*parts, return_exceptions=True)
        for failed in (each for each in ended if isinstance(each, BaseException)):
            raise failed
        await self.county.apply(self.places)
        while await self.county.sweep():
            pass
        self.log += self.batches.values()

    async def _work(self, batches: Sequence[list[Arrival]], random: Random) -> None:
        for batch in batches:
            decided = [each for each in batch if isinstance(each.news, Exemption) or judged(each.news)]
            heard = [each for each in batch if each not in decided]
            if decided:
                await self._decide(decided)
            if heard:
                reads = [news(self.county.id, each.person, each.news) for each in heard]
                reads += [self.places.pop() for _ in range(min(len(self.places), random.randint(0, 3)))]
                random.shuffle(reads)
                await self._hear(heard, reads)

    async def _hear(self, arrivals: list[Arrival], reads: list[Read[Seen]]) -> None:
        while True:
            try:
                async with self.county.batch() as work:
                    xid = await self._begun(work, arrivals)
                    await consumers.apply(work, reads)
            except RetryLater:
                del self.batches[xid]
            else:
                return

    async def _decide(self, arrivals: list[Arrival]) -> None:
        while True:
            try:
                async with self.county.request() as work:
                    xid = await self._begun(work, arrivals)
                    await self.county.decided(work, arrivals)
            except RetryLater:
                del self.batches[xid]
            else:
                return

    async def _begun(self, work: Work, arrivals: list[Arrival]) -> str:
        xid = str(await work.session.scalar(text("SELECT CAST(pg_current_xact_id() AS text)")))
        self.batches[xid] = arrivals
        return xid

    async def _clerk(self, random: Random) -> None:
        for move in self.history.moves(random):
            for _ in range(random.randint(0, 3)):
                await self.county.sweep()
            await self._move(move)

    async def _move(self, move: Move) -> None:
        match move:
            case Opening(quarter):
                await self.county.open(quarter, self.books[quarter])
                self.log.append(move)
            case Closing(quarter):
                while not await self._turn(Quarter(quarter), "closed"):
                    await self.county.sweep()
                self.log.append(move)
            case Reopening(quarter):
                while not await self._turn(Quarter(quarter), "open"):
                    await self.county.sweep()
                self.log.append(move)
            case _:
                await self.county.sweep()

    async def _turn(self, quarter: Quarter, state: str) -> bool:
        """Close or open again as `closing` does it, if no account is pending; note what had arrived by then."""
        async with self.county.request() as work:
            await work.periods.lock(work.county)
            if await ledger.pending(work):
                return False
            arrived = (await work.session.scalars(text(ARRIVED), {"xids": list(self.batches)})).all()
            given = {"county": self.county.id, "period": quarter, "state": state}
            await work.session.execute(text(TURN), given)
            await (ledger.freeze if state == "closed" else ledger.thaw)(work, quarter)
        self.log += [self.batches.pop(xid) for xid in arrived]
        return True
