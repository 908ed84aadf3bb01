"""Objections for display."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, text

from scoring.objections.domain import ObjectionNotFound, Sight
from scoring.work import Work


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which objections: of which quarter, how they stand, whose; None: any."""

    period: str | None = None
    state: str | None = None
    person: str | None = None


async def list_objections(work: Work, sight: Sight, wanted: Wanted, limit: int, after: str) -> list[RowMapping]:
    """One more than asked for, in the order in which they were recorded."""
    given = {
        "county": work.county, "today": work.today, "limit": limit + 1, "after": after,
        "period": wanted.period, "state": wanted.state, "person": wanted.person, "own": sight.person,
        "everywhere": sight.branches is None, "branches": sorted(sight.branches or ()),
    }  # fmt: skip
    return list((await work.session.execute(_LIST, given)).mappings())


async def one_objection(work: Work, objection: str) -> dict[str, Any]:
    """Raises ObjectionNotFound."""
    found = (await work.session.execute(_ONE, {"county": work.county, "id": objection})).mappings().one_or_none()
    if found is None:
        raise ObjectionNotFound(objection)
    return dict(found)


_COLUMNS = """
    o.id, o.person, o.period, o.filed_on, o.filed_by, o.filed_at, o.origin, o.on_behalf_of, o.state, o.answered_by,
    o.answered_at, o.correction
"""
# The home branch today: as `Belonging.home_on` has it.
_LIST = text(f"""
    SELECT {_COLUMNS} FROM objections o JOIN accounts a ON a.county = o.county AND a.person = o.person
    WHERE o.county = :county AND o.id > :after
      AND (CAST(:period AS text) IS NULL OR o.period = :period)
      AND (CAST(:state AS text) IS NULL OR o.state = :state)
      AND (CAST(:person AS text) IS NULL OR o.person = :person)
      AND (CAST(:own AS text) IS NULL OR o.person = :own)
      AND (:everywhere OR (
        SELECT m ->> 'organisation' FROM jsonb_array_elements(a.memberships) AS m
        WHERE CAST(m ->> 'home' AS boolean) AND CAST(m ->> 'since' AS date) <= :today
          AND (m ->> 'until' IS NULL OR :today < CAST(m ->> 'until' AS date))
        ORDER BY m ->> 'since' DESC, m ->> 'organisation' DESC LIMIT 1
      ) = ANY(CAST(:branches AS text[])))
    ORDER BY o.id LIMIT :limit
""")  # noqa: S608
_ONE = text(f"""
    SELECT {_COLUMNS}, o.statement, o.reason FROM objections o WHERE o.county = :county AND o.id = :id
""")  # noqa: S608
