"""Judgements for display, in the order of their ids: what an event proposed stands where its activity stands."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from scoring.ids import PersonId
from scoring.judgements.domain import JudgementNotFound, Sight
from scoring.work import Work


@dataclass(frozen=True, slots=True)
class Wish:
    """Which judgements, and which page; None: whatever it is."""

    state: str | None
    period: str | None
    people: Collection[PersonId] | None
    limit: int
    after: str


async def list_judgements(work: Work, sight: Sight, wish: Wish) -> list[dict[str, Any]]:
    """One more than asked for, of what is in sight."""
    given = {
        **_sight(work, sight),
        "state": wish.state,
        "period": wish.period,
        "wanted": None if wish.people is None else sorted(wish.people),
        "after": wish.after,
        "limit": wish.limit + 1,
    }
    return [dict(row) for row in (await work.session.execute(_LIST, given)).mappings()]


async def one_judgement(work: Work, sight: Sight, judgement: str) -> dict[str, Any]:
    """Raises JudgementNotFound, also if it is not in sight."""
    given = {**_sight(work, sight), "id": judgement}
    found = (await work.session.execute(_ONE, given)).mappings().one_or_none()
    if found is None:
        raise JudgementNotFound
    return dict(found)


def _sight(work: Work, sight: Sight) -> dict[str, Any]:
    everybody, people = sight.people is None, sorted(sight.people or ())
    return {"county": work.county, "everybody": everybody, "people": people, "own": sorted(sight.own)}


_IN_SIGHT = """
    SELECT j.id, j.person, j.kind, j.item, j.grade, j.period, j.month, j.day, j.source, j.state,
           j.proposed_by, j.proposed_at, j.decided_by, j.decided_at, j.withdrawn_by, j.withdrawn_at, j.grounds,
           j.reason, p.state AS period_state
    FROM judgements j JOIN periods p USING (county, period)
    WHERE j.county = :county AND (:everybody OR j.person = ANY(CAST(:people AS text[])))
      AND (j.person <> ALL(CAST(:own AS text[])) OR (j.told > 0 AND j.state IN ('confirmed', 'withdrawn')))
"""
_LIST = text(f"""
    {_IN_SIGHT}
      AND (CAST(:state AS text) IS NULL OR j.state = :state)
      AND (CAST(:period AS text) IS NULL OR j.period = :period)
      AND (CAST(:wanted AS text[]) IS NULL OR j.person = ANY(CAST(:wanted AS text[])))
      AND j.id > :after
    ORDER BY j.id LIMIT :limit
""")
_ONE = text(f"{_IN_SIGHT} AND j.id = :id")
