"""How notices are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.ids import CountyId, NoticeId, OrganisationId, PersonId
from scoring.notices.domain import Notice, Shown, Shows, State, Terms, Window


class NoticeRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, county: CountyId, notices: Sequence[Notice], by: str, now: datetime) -> None:
        if rows := [{"county": county, "by": by, "now": now, **_row(notice)} for notice in notices]:
            await self._session.execute(_ADD, rows)

    async def standing(self, county: CountyId, period: str) -> list[Notice]:
        """Hold the notices of a quarter or year that are not withdrawn, in the order of their ids."""
        rows = await self._session.execute(_STANDING, {"county": county, "period": period})
        return [_notice(row) for row in rows]

    async def withdraw(self, county: CountyId, notices: Sequence[Notice], by: str, now: datetime) -> None:
        """Keep notices as withdrawn that are under lock."""
        if rows := [
            {"county": county, "id": each.id, "state": each.state, "revision": each.revision, "by": by, "now": now}
            for each in notices
        ]:
            await self._session.execute(_WITHDRAW, rows)


def _row(notice: Notice) -> dict[str, Any]:
    people = [{"person": each.person, "total_tenths": each.total, "grade": each.grade} for each in notice.people]
    return {
        "id": notice.id, "period": notice.period, "branch": notice.branch,
        "published_on": notice.window.published_on, "window_days": notice.window.days,
        "objections_until": notice.window.objections_until, "shows": notice.terms.shows, "board": notice.terms.board,
        "people": orjson.dumps(people).decode(), "state": notice.state, "revision": notice.revision,
    }  # fmt: skip


def _notice(row: Any) -> Notice:
    return Notice(
        id=NoticeId(row.id),
        period=row.period,
        branch=OrganisationId(row.branch),
        window=Window(row.published_on, row.window_days, row.objections_until),
        terms=Terms(row.window_days, Shows(row.shows), row.board),
        people=tuple(Shown(PersonId(each["person"]), each["total_tenths"], each["grade"]) for each in row.people),
        state=State(row.state),
        revision=row.revision,
    )


_ADD = text("""
    INSERT INTO notices (county, id, period, branch, published_on, window_days, objections_until, shows, board, people,
        state, revision, published_by, published_at)
    VALUES (:county, :id, :period, :branch, :published_on, :window_days, :objections_until, :shows, :board,
        CAST(:people AS jsonb), :state, :revision, :by, :now)
""")
_STANDING = text("""
    SELECT id, period, branch, published_on, window_days, objections_until, shows, board, people, state, revision
    FROM notices WHERE county = :county AND period = :period AND state = 'published' ORDER BY id FOR UPDATE
""")
_WITHDRAW = text("""
    UPDATE notices SET state = :state, revision = :revision, withdrawn_by = :by, withdrawn_at = :now
    WHERE county = :county AND id = :id
""")
