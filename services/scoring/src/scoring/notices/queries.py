"""Notices for display, in the order of their ids, which is that in which they were published."""

from typing import Any

from sqlalchemy import RowMapping, text

from scoring.notices.domain import NoticeNotFound, Sight
from scoring.work import Work


async def list_notices(work: Work, sight: Sight, period: str | None, limit: int, after: str) -> list[RowMapping]:
    """One more than asked for; `period` only, if it is given."""
    given = {"county": work.county, "period": period, "after": after, "limit": limit + 1, **_bound(sight)}
    return list((await work.session.execute(_LIST, given)).mappings())


async def one_notice(work: Work, sight: Sight, notice: str) -> dict[str, Any]:
    """Raises NoticeNotFound, also if it is out of sight."""
    given = {"county": work.county, "notice": notice, **_bound(sight)}
    found = (await work.session.execute(_ONE, given)).mappings().one_or_none()
    if found is None:
        raise NoticeNotFound(notice)
    return dict(found)


def _bound(sight: Sight) -> dict[str, Any]:
    return {"everything": sight.everything, "branches": sorted(sight.branches), "people": sorted(sight.people)}


_COLUMNS = """
    n.id, n.period, n.branch, n.published_on, n.window_days, n.objections_until, n.shows, n.board, n.state, n.revision
"""
_IN_SIGHT = """
    n.county = :county
    AND (:everything OR n.branch = ANY(CAST(:branches AS text[])) OR EXISTS (
        SELECT FROM jsonb_array_elements(n.people) AS shown
        WHERE shown ->> 'person' = ANY(CAST(:people AS text[]))
    ))
"""
_LIST = text(f"""
    SELECT {_COLUMNS}, jsonb_array_length(n.people) AS people FROM notices n
    WHERE {_IN_SIGHT} AND n.id > :after AND (CAST(:period AS text) IS NULL OR n.period = :period)
    ORDER BY n.id LIMIT :limit
""")  # noqa: S608
_ONE = text(f"SELECT {_COLUMNS}, n.people FROM notices n WHERE {_IN_SIGHT} AND n.id = :notice")  # noqa: S608
