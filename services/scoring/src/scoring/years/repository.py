"""How a year's evaluation is kept: once, and as it was told."""

from datetime import datetime

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.ids import CountyId
from scoring.years.domain import Year


class YearRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def is_evaluated(self, county: CountyId, year: int) -> bool:
        return (await self._session.execute(_IS_EVALUATED, {"county": county, "year": year})).first() is not None

    async def add(self, county: CountyId, year: Year, by: str, now: datetime) -> None:
        row = {
            "county": county, "year": year.year, "book": year.book, "people": len(year.evaluations),
            "grades": orjson.dumps(year.grades).decode(), "published_on": year.window.published_on,
            "window_days": year.window.days, "objections_until": year.window.objections_until, "by": by, "now": now,
        }  # fmt: skip
        await self._session.execute(_ADD, row)
        rows = [
            {
                "county": county, "year": year.year, "person": each.person, "branch": each.branch,
                "quarters": orjson.dumps(each.quarters).decode(), "total": each.total, "grade": each.grade,
            }
            for each in year.evaluations
        ]  # fmt: skip
        if rows:
            await self._session.execute(_ADD_PEOPLE, rows)


_IS_EVALUATED = text("SELECT 1 FROM years WHERE county = :county AND year = :year")
_ADD = text("""
    INSERT INTO years (county, year, book, people, grades, published_on, window_days, objections_until, evaluated_by,
        evaluated_at)
    VALUES (:county, :year, :book, :people, CAST(:grades AS jsonb), :published_on, :window_days, :objections_until,
        :by, :now)
""")
_ADD_PEOPLE = text("""
    INSERT INTO evaluations (county, year, person, branch, quarters, total_tenths, grade)
    VALUES (:county, :year, :person, :branch, CAST(:quarters AS jsonb), :total, :grade)
""")
