"""Years for display. People come in the order of their ids, never by score."""

from typing import Any

from sqlalchemy import RowMapping, text

from scoring.notices.domain import Sight
from scoring.work import Work
from scoring.years.domain import YearNotFound


async def one_year(work: Work, year: int) -> dict[str, Any]:
    """Raises YearNotFound."""
    found = (await work.session.execute(_ONE, {"county": work.county, "year": year})).mappings().one_or_none()
    if found is None:
        raise YearNotFound(year)
    return dict(found)


async def people_of(work: Work, year: int, sight: Sight, limit: int, after: str) -> list[RowMapping]:
    """One more than asked for: those at home in a branch that is in sight, and the person who looks."""
    given = {
        "county": work.county, "year": year, "after": after, "limit": limit + 1, "everything": sight.everything,
        "branches": sorted(sight.branches), "people": sorted(sight.people),
    }  # fmt: skip
    return list((await work.session.execute(_PEOPLE, given)).mappings())


_ONE = text("""
    SELECT year, book, people, grades, published_on, window_days, objections_until, evaluated_at
    FROM years WHERE county = :county AND year = :year
""")
_PEOPLE = text("""
    SELECT person, branch, quarters, total_tenths, grade FROM evaluations
    WHERE county = :county AND year = :year AND person > :after
      AND (:everything OR branch = ANY(CAST(:branches AS text[])) OR person = ANY(CAST(:people AS text[])))
    ORDER BY person LIMIT :limit
""")
