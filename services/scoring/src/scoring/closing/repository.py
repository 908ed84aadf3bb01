"""How a quarter's course is kept, in the quarter's own row. The county's row is the lock."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.closing.domain import Closed, Course
from scoring.homes import HOME_ON
from scoring.ids import BookId, CountyId, Quarter
from scoring.notices.domain import Result
from scoring.periods.domain import State


class CourseRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self, county: CountyId) -> dict[Quarter, Course]:
        """Read every quarter that the county has opened, earliest first."""
        rows = await self._session.execute(_ALL, {"county": county})
        return {Quarter(row.period): _course(row) for row in rows}

    async def save(self, county: CountyId, course: Course) -> None:
        closed = course.closed
        row = {
            "county": county, "period": course.code, "state": course.state, "revision": course.revision,
            "closed_at": closed and closed.at, "closed_by": closed and closed.by, "people": closed and closed.people,
            "total_tenths": closed and closed.total, "published_on": course.published_on,
            "objections_until": course.objections_until, "finalised_at": course.finalised_at,
        }  # fmt: skip
        await self._session.execute(_SAVE, row)

    async def expected(self, county: CountyId, course: Course) -> list[Result]:
        """Read what a close would publish for everybody now, with the home branch of the quarter's last day."""
        key = {"county": county, "period": course.code, "day": course.ends_on}
        rows = await self._session.execute(_EXPECTED, key)
        return [Result(row.person, row.branch, row.total_tenths, None) for row in rows]


def _course(row: Any) -> Course:
    closed = Closed(row.closed_at, row.closed_by, row.people, row.total_tenths) if row.closed_at else None
    return Course(
        Quarter(row.period), BookId(row.book), row.starts_on, row.ends_on, State(row.state), row.revision, closed,
        row.published_on, row.objections_until, row.finalised_at,
    )  # fmt: skip


_ALL = text("""
    SELECT period, book, starts_on, ends_on, state, revision, closed_at, closed_by, people, total_tenths, published_on,
           objections_until, finalised_at
    FROM periods WHERE county = :county ORDER BY period
""")
_SAVE = text("""
    UPDATE periods
    SET state = :state, revision = :revision, closed_at = :closed_at, closed_by = :closed_by, people = :people,
        total_tenths = :total_tenths, published_on = :published_on, objections_until = :objections_until,
        finalised_at = :finalised_at
    WHERE county = :county AND period = :period
""")
_EXPECTED = text(f"""
    SELECT c.person, c.total_tenths, {HOME_ON} AS branch FROM cells c JOIN accounts a USING (county, person)
    WHERE c.county = :county AND c.period = :period AND c.in_scope ORDER BY c.person
""")  # noqa: S608
