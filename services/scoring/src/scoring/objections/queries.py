"""Objections for display."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, text

from scoring.ids import PersonId
from scoring.objections.domain import ObjectionNotFound
from scoring.work import Work


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which objections: of which quarter, how they stand, whose; None: any."""

    period: str | None = None
    state: str | None = None
    people: Collection[PersonId] | None = None


async def list_objections(
    work: Work, people: Collection[PersonId] | None, wanted: Wanted, limit: int, after: str
) -> list[RowMapping]:
    """One more than asked for, in the order in which they were recorded; only of these people, if they are given."""
    given = {
        "county": work.county, "limit": limit + 1, "after": after, "everybody": people is None,
        "people": sorted(people or ()), "period": wanted.period, "state": wanted.state,
        "whose": None if wanted.people is None else sorted(wanted.people),
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
_LIST = text(f"""
    SELECT {_COLUMNS} FROM objections o
    WHERE o.county = :county AND o.id > :after AND (:everybody OR o.person = ANY(CAST(:people AS text[])))
      AND (CAST(:period AS text) IS NULL OR o.period = :period)
      AND (CAST(:state AS text) IS NULL OR o.state = :state)
      AND (CAST(:whose AS text[]) IS NULL OR o.person = ANY(CAST(:whose AS text[])))
    ORDER BY o.id LIMIT :limit
""")  # noqa: S608
_ONE = text(f"""
    SELECT {_COLUMNS}, o.statement, o.reason FROM objections o WHERE o.county = :county AND o.id = :id
""")  # noqa: S608
