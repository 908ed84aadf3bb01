"""Counties in and out of their tables. Everybody may read which counties there are; only operators write."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from registry.counties.domain import County, DatedNumber, UnknownCounty, WordTaken
from registry.counties.tables import CountyCodeRow, CountyRow
from registry.ids import CountyId


class CountyRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_word(self, word: str) -> CountyId | None:
        county = col(CountyRow.county)
        found = await self._session.scalar(select(county).where(col(CountyRow.word) == word))
        return CountyId(found) if found else None

    async def require(self, county: CountyId) -> None:
        """Raises UnknownCounty."""
        if await self._session.scalar(select(col(CountyRow.county)).where(col(CountyRow.county) == county)) is None:
            raise UnknownCounty

    async def lock(self, county: CountyId) -> County:
        """Raises UnknownCounty."""
        row = await self._session.scalar(select(CountyRow).where(col(CountyRow.county) == county).with_for_update())
        if row is None:
            raise UnknownCounty
        codes = select(CountyCodeRow).where(col(CountyCodeRow.county) == county).order_by(col(CountyCodeRow.since))
        numbers = tuple(DatedNumber(code.code, code.since) for code in await self._session.scalars(codes))
        return County(CountyId(row.county), row.word, row.name, numbers, row.version)

    async def add(self, county: County, at: datetime) -> None:
        """Raises WordTaken."""
        row = {
            "county": county.id,
            "word": county.word,
            "name": county.name,
            "version": county.version,
            "established_at": at,
        }
        try:
            await self._session.execute(insert(CountyRow), [row])
        except IntegrityError as error:
            if "uq_counties_word" in str(error.orig):
                raise WordTaken from None
            raise
        await self._write_codes(county)

    async def save(self, county: County) -> None:
        row = col(CountyRow.county) == county.id
        await self._session.execute(update(CountyRow).where(row).values(name=county.name, version=county.version))
        await self._session.execute(delete(CountyCodeRow).where(col(CountyCodeRow.county) == county.id))
        await self._write_codes(county)

    async def _write_codes(self, county: County) -> None:
        rows = [{"county": county.id, "since": code.since, "code": code.code} for code in county.codes]
        await self._session.execute(insert(CountyCodeRow), rows)
