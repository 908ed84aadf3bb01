from sqlalchemy import RowMapping, select

from registry.metadata import KIT
from registry.work import Work

TRAIL = KIT.audit.c


async def trail(work: Work, subject: str | None, actor: str | None, limit: int, before: int | None) -> list[RowMapping]:
    """One more than asked for, the latest first."""
    rows = select(TRAIL.id, TRAIL.at, TRAIL.actor, TRAIL.action, TRAIL.subject, TRAIL.field, TRAIL.reason)
    rows = rows.where(TRAIL.county == work.county)
    for column, value in ((TRAIL.subject, subject), (TRAIL.actor, actor)):
        if value:
            rows = rows.where(column == value)
    if before is not None:
        rows = rows.where(TRAIL.id < before)
    return list((await work.session.execute(rows.order_by(TRAIL.id.desc()).limit(limit + 1))).mappings())
