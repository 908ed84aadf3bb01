"""Periods for display, each with how many accounts its opening has still to reach."""

from sqlalchemy import RowMapping, text

from scoring.work import Work


async def list_periods(work: Work, limit: int, after: str) -> list[RowMapping]:
    """One more than asked for, earliest first."""
    key = {"county": work.county, "after": after, "limit": limit + 1}
    return list((await work.session.execute(_LIST, key)).mappings())


_LIST = text("""
    SELECT p.period, p.state, p.starts_on, p.ends_on, p.book, p.opened_at, p.closed_at, p.people,
           p.total_tenths, p.published_on, p.objections_until, p.finalised_at,
           count(a.person) AS accounts, count(a.person) FILTER (WHERE a.epoch < p.epoch) AS pending
    FROM periods p LEFT JOIN accounts a ON a.county = p.county
    WHERE p.county = :county AND p.period > :after
    GROUP BY p.county, p.period ORDER BY p.period LIMIT :limit
""")
