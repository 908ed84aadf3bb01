"""Exemptions for display, in the order of their ids, which is that in which they were granted."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import text

from scoring.exemptions.domain import ExemptionNotFound
from scoring.ids import PersonId
from scoring.work import Work


async def list_exemptions(
    work: Work, people: Collection[PersonId] | None, wanted: Collection[PersonId] | None, limit: int, after: str
) -> list[dict[str, Any]]:
    """One more than asked for, of these people only, if they are given, and of those that are wanted."""
    given = {
        **_sight(work, people),
        "wanted": None if wanted is None else sorted(wanted),
        "after": after,
        "limit": limit + 1,
    }
    return [dict(row) for row in (await work.session.execute(_LIST, given)).mappings()]


async def one_exemption(work: Work, people: Collection[PersonId] | None, exemption: str) -> dict[str, Any]:
    """Raises ExemptionNotFound, also if it is of none of these people."""
    found = (await work.session.execute(_ONE, {**_sight(work, people), "id": exemption})).mappings().one_or_none()
    if found is None:
        raise ExemptionNotFound
    return dict(found)


def _sight(work: Work, people: Collection[PersonId] | None) -> dict[str, Any]:
    return {"county": work.county, "everybody": people is None, "people": sorted(people or ())}


_IN_SIGHT = """
    SELECT id, person, since, until, decision, state, version, granted_by, granted_at, changed_by, changed_at
    FROM exemptions
    WHERE county = :county AND (:everybody OR person = ANY(CAST(:people AS text[])))
"""
_LIST = text(f"""
    {_IN_SIGHT} AND (CAST(:wanted AS text[]) IS NULL OR person = ANY(CAST(:wanted AS text[])))
      AND id > :after ORDER BY id LIMIT :limit
""")
_ONE = text(f"{_IN_SIGHT} AND id = :id")
