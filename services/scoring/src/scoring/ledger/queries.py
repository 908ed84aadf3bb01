"""Points for display; of a closed quarter what was published. Lists come in the order of the ids, never by score."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, text

from scoring.homes import HOME_ON
from scoring.ids import OrganisationId
from scoring.work import Work


@dataclass(frozen=True, slots=True)
class Window:
    """Which period, whose home branch on which day, and which page."""

    period: str
    as_of: date
    limit: int
    after: str

    def bind(self, work: Work) -> dict[str, Any]:
        return {
            "county": work.county,
            "period": self.period,
            "day": self.as_of,
            "after": self.after,
            "limit": self.limit + 1,
        }


async def last_day(work: Work, period: str) -> date | None:
    day: date | None = await work.session.scalar(_LAST_DAY, {"county": work.county, "period": period})
    return day


async def branches(work: Work, window: Window, only: Collection[OrganisationId] | None) -> list[RowMapping]:
    """The sum over each branch's members, one more than asked for; `only` these, if it is given."""
    given = {**window.bind(work), "everything": only is None, "only": sorted(only or ())}
    return list((await work.session.execute(_BRANCHES, given)).mappings())


async def people_of(work: Work, window: Window, branch: OrganisationId) -> list[RowMapping]:
    """The branch's members who are in scope, one more than asked for."""
    given = {**window.bind(work), "branch": branch}
    return list((await work.session.execute(_PEOPLE, given)).mappings())


async def county_total(work: Work, period: str) -> RowMapping:
    given = {"county": work.county, "period": period}
    return (await work.session.execute(_COUNTY, given)).mappings().one()


# Who was entered twice is listed as the entry that goes on.
_HOMES = f"""
    SELECT a.person, {HOME_ON} AS organisation FROM accounts a WHERE a.county = :county AND a.merged_into IS NULL
"""  # noqa: S608
_LAST_DAY = text("SELECT ends_on FROM periods WHERE county = :county AND period = :period")
# What a quarter counts for somebody: once it is closed, what was published. Null: it does not count.
_COUNTED = """
    CASE WHEN p.state = 'open' THEN CASE WHEN c.in_scope THEN c.total_tenths END ELSE c.published_tenths END
"""
# Beside it what the quarter comes to with all that is known by now.
_SUMS = f"""
    count({_COUNTED}) AS people, coalesce(sum({_COUNTED}), 0) AS total_tenths,
    count(*) FILTER (WHERE c.in_scope) AS true_people,
    coalesce(sum(c.total_tenths) FILTER (WHERE c.in_scope), 0) AS true_tenths
"""
_BRANCHES = text(f"""
    WITH homes AS ({_HOMES})
    SELECT o.id AS organisation, o.kind, {_SUMS}
    FROM organisations o
    JOIN periods p ON p.county = o.county AND p.period = :period
    LEFT JOIN homes h ON h.organisation = o.id
    LEFT JOIN cells c ON c.county = o.county AND c.person = h.person AND c.period = :period
    WHERE o.county = :county AND o.id > :after AND (:everything OR o.id = ANY(CAST(:only AS text[])))
    GROUP BY o.county, o.id
    HAVING o.kind = 'branch' OR count(h.person) > 0
    ORDER BY o.id LIMIT :limit
""")  # noqa: S608
_PEOPLE = text(f"""
    WITH homes AS ({_HOMES})
    SELECT c.person, c.base_tenths, c.aspects, {_COUNTED} AS total_tenths
    FROM homes h JOIN cells c ON c.county = :county AND c.person = h.person AND c.period = :period
    JOIN periods p ON p.county = c.county AND p.period = c.period
    WHERE h.organisation = :branch AND c.person > :after AND ({_COUNTED}) IS NOT NULL
    ORDER BY c.person LIMIT :limit
""")  # noqa: S608
_COUNTY = text(f"""
    SELECT {_SUMS}
    FROM cells c JOIN periods p USING (county, period) JOIN accounts a USING (county, person)
    WHERE county = :county AND period = :period AND a.merged_into IS NULL
""")  # noqa: S608
