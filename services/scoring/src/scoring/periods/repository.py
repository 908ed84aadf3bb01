"""How counties and their periods are kept. A batch holds the county FOR SHARE, an opening holds it FOR UPDATE."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.ids import BookId, CountyId, Quarter
from scoring.periods.domain import Period, Rules, State
from scoring.rulebooks.domain import Book, recall


class PeriodRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def hold(
        self, counties: Collection[CountyId], noted: Sequence[tuple[CountyId, int, str]] = ()
    ) -> dict[CountyId, Rules]:
        """Hold the counties' rows against an opening, making stubs of the unknown ones; return their rules.

        Of the noted, (id, version, word), the higher version is kept; then all are held in the mode of a writer.
        """
        ids = {"ids": sorted(counties)}
        await self._session.execute(_STUBS, ids)
        held = await self._session.execute(_WRITE if noted else _SHARE, ids)
        epochs = {CountyId(row.county): row.epoch for row in held}
        if noted:
            told_ids, versions, words = (list(column) for column in zip(*noted, strict=True))
            await self._session.execute(_NOTE, {"ids": told_ids, "versions": versions, "words": words})
        return await self._rules(epochs)

    async def rules(self, county: CountyId) -> Rules:
        """The county's rules as they are, without a lock: for reading."""
        epoch = await self._session.scalar(_EPOCH, {"county": county})
        return (await self._rules({county: epoch or 0}))[county]

    async def _rules(self, epochs: dict[CountyId, int]) -> dict[CountyId, Rules]:
        periods: dict[CountyId, dict[Quarter, tuple[Period, Book]]] = {county: {} for county in epochs}
        for row in await self._session.execute(_OPENED, {"ids": sorted(epochs)}):
            days = (row.starts_on, row.ends_on)
            period = Period(Quarter(row.period), BookId(row.book), *days, row.epoch, State(row.state))
            periods[row.county][period.code] = (period, recall(row.document))
        return {county: Rules(epoch, periods[county]) for county, epoch in epochs.items()}

    async def lock(self, county: CountyId) -> int | None:
        """Hold the county against every batch; return its epoch, or None if scoring has not heard of it."""
        found = (await self._session.execute(_LOCK, {"county": county})).first()
        return None if found is None else int(found.epoch)

    async def bound(self, county: CountyId, book: BookId) -> list[Quarter]:
        rows = await self._session.execute(_BOUND, {"county": county, "book": book})
        return [Quarter(row.period) for row in rows]

    async def open(self, county: CountyId, period: Period, epoch: int, now: datetime) -> None:
        row = {
            "county": county, "period": period.code, "book": period.book, "starts_on": period.starts_on,
            "ends_on": period.ends_on, "epoch": epoch, "now": now,
        }  # fmt: skip
        await self._session.execute(_INSERT, row)
        await self._session.execute(_ADVANCE, {"county": county, "epoch": epoch})


_NOTE = text("""
    UPDATE counties AS held SET version = told.version, word = told.word
    FROM unnest(CAST(:ids AS text[]), CAST(:versions AS bigint[]), CAST(:words AS text[])) AS told (id, version, word)
    WHERE held.county = told.id AND held.version < told.version
""")
_STUBS = text("INSERT INTO counties (county) SELECT unnest(CAST(:ids AS text[])) ON CONFLICT DO NOTHING")
_SHARE = text("SELECT county, epoch FROM counties WHERE county = ANY(:ids) ORDER BY county FOR SHARE")
_WRITE = text("SELECT county, epoch FROM counties WHERE county = ANY(:ids) ORDER BY county FOR NO KEY UPDATE")
_EPOCH = text("SELECT epoch FROM counties WHERE county = :county")
_OPENED = text("""
    SELECT p.county, p.period, p.book, p.starts_on, p.ends_on, p.epoch, p.state, CAST(b.document AS text) AS document
    FROM periods p JOIN books b ON b.county = p.county AND b.id = p.book
    WHERE p.county = ANY(:ids)
    ORDER BY p.county, p.period
""")
_LOCK = text("SELECT epoch FROM counties WHERE county = :county FOR UPDATE")
_BOUND = text("SELECT period FROM periods WHERE county = :county AND book = :book ORDER BY period")
_INSERT = text("""
    INSERT INTO periods (county, period, book, starts_on, ends_on, state, epoch, opened_at)
    VALUES (:county, :period, :book, :starts_on, :ends_on, 'open', :epoch, :now)
""")
_ADVANCE = text("UPDATE counties SET epoch = :epoch WHERE county = :county")
