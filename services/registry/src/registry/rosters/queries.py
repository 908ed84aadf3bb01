from typing import Any

from sqlalchemy import RowMapping, select
from sqlmodel import col

from registry.rosters.tables import RosterRow
from registry.work import Work

LISTED = ("id", "dry_run", "registered", "changed", "unchanged", "uploaded_at", "uploaded_by")


class UnknownRoster(LookupError):
    def __init__(self) -> None:
        super().__init__("没有找到这次上传。")


async def list_rosters(work: Work, limit: int, after: str | None) -> list[RowMapping]:
    """One more than asked for, the latest first."""
    rows = select(*(col(getattr(RosterRow, column)) for column in LISTED)).where(col(RosterRow.county) == work.county)
    if after:
        rows = rows.where(col(RosterRow.id) < after)
    return list((await work.session.execute(rows.order_by(col(RosterRow.id).desc()).limit(limit + 1))).mappings())


async def one_roster(work: Work, roster: str) -> dict[str, Any]:
    """Raises UnknownRoster."""
    columns = (col(getattr(RosterRow, column)) for column in (*LISTED, "ignored", "faults"))
    mine = col(RosterRow.county) == work.county, col(RosterRow.id) == roster
    row = (await work.session.execute(select(*columns).where(*mine))).mappings().one_or_none()
    if row is None:
        raise UnknownRoster
    return dict(row)
