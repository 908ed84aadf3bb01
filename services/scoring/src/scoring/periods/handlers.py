"""Opening a quarter, and hearing of counties."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kit.commands import NotKnownYet
from kit.tokens import Principal
from scoring.access import Resource, require
from scoring.ids import BookId, CountyId
from scoring.periods import domain, events
from scoring.periods.domain import Period, Rules
from scoring.periods.events import CountySeen
from scoring.rulebooks import handlers as rulebooks
from scoring.work import Work


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    period: str
    book: str


async def open_period(work: Work, command: OpenPeriod, by: Principal) -> Period:
    """Open a quarter under its book; the worker then gives everybody in scope their base, in chunks.

    Raises Forbidden, NotKnownYet, BookNotFound, UnknownQuarter, BookTooYoung, NotBegun, AlreadyOpen,
    ClosedBefore.
    """
    require(by, "period.open", Resource(work.county))
    epoch = await work.periods.lock(work.county)
    if epoch is None:
        raise NotKnownYet("本县的资料尚未同步到积分系统，请稍后再试。")
    book = await rulebooks.held_book(work, command.book)
    period = domain.open_period(command.period, BookId(command.book), book.starts_on)
    domain.require_begun(period, work.today)
    domain.require_free(period.code, await work.periods.rules(work.county))
    await work.periods.open(work.county, period, epoch + 1, work.now)
    cause = work.asked_by(by)
    await work.outbox.add(events.opened(work, cause, period))
    await rulebooks.tell_of_binding(work, period.book, await work.periods.bound(work.county, period.book), cause)
    return period


async def hold(work: Work, counties: Collection[CountyId], seen: Sequence[CountySeen] = ()) -> dict[CountyId, Rules]:
    """Hold the counties against an opening until the transaction ends, and return the rules that are in force.

    What registry says of them is noted on the way, the highest version of each, because whoever holds a row for
    reading and only then asks to write it can meet another who does the same.
    """
    last = {each.county: each for each in sorted(seen, key=lambda each: each.version)}
    return await work.periods.hold(counties, [(each.county, each.version, each.word) for each in last.values()])
