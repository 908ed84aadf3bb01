from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text

from registry.activities.domain import State, UnknownActivity
from registry.ids import ActivityId, OrganisationId
from registry.work import Work


@dataclass(frozen=True, slots=True)
class Filter:
    host: OrganisationId | None = None
    kind: str | None = None
    state: State | None = None
    since: datetime | None = None  # first start, inclusive
    until: datetime | None = None  # last start, exclusive


async def list_activities(
    work: Work, wanted: Filter, limit: int, after: tuple[datetime, str] | None
) -> list[RowMapping]:
    """One more than asked for, the latest first."""
    starts, id_ = after or (None, None)
    asked: dict[str, Any] = {
        "county": work.county,
        "host": wanted.host,
        "kind": wanted.kind,
        "state": wanted.state,
        "since": wanted.since,
        "until": wanted.until,
        "starts": starts,
        "after": id_,
        "limit": limit + 1,
    }
    return list((await work.session.execute(_LIST, asked)).mappings())


async def one_activity(work: Work, activity: ActivityId) -> RowMapping:
    """Raises UnknownActivity."""
    asked = {"county": work.county, "activity": activity}
    row = (await work.session.execute(_ONE, asked)).mappings().one_or_none()
    if row is None:
        raise UnknownActivity
    return row


async def attendance_of(work: Work, activity: ActivityId, limit: int, after: str | None) -> list[RowMapping]:
    """One more than asked for, by person, with names: for those who may record it."""
    asked = {"county": work.county, "activity": activity, "after": after, "limit": limit + 1}
    return list((await work.session.execute(_LINES, asked)).mappings())


_COLUMNS = """
    SELECT id, kind, theme, mode, place, starts, ends, state, due, attended, excused, missed, revision, ARRAY(
        SELECT organisation FROM activity_hosts
        WHERE activity_hosts.county = activities.county AND activity_hosts.activity = activities.id ORDER BY place
    ) AS hosts
    FROM activities WHERE county = :county
"""
_LIST = text(
    _COLUMNS
    + """
    AND (CAST(:kind AS text) IS NULL OR kind = :kind) AND (CAST(:state AS text) IS NULL OR state = :state)
    AND (CAST(:since AS timestamptz) IS NULL OR starts >= :since)
    AND (CAST(:until AS timestamptz) IS NULL OR starts < :until)
    AND (CAST(:host AS text) IS NULL OR EXISTS (
        SELECT FROM activity_hosts WHERE activity_hosts.county = activities.county
          AND activity_hosts.activity = activities.id AND activity_hosts.organisation = :host))
    AND (CAST(:after AS text) IS NULL OR (starts, id) < (CAST(:starts AS timestamptz), :after))
    ORDER BY starts DESC, id DESC LIMIT :limit
"""
)
_ONE = text(_COLUMNS + " AND id = :activity")
_LINES = text("""
    SELECT attendance.person, people.name, outcome, origin, on_behalf_of
    FROM attendance JOIN people ON people.county = attendance.county AND people.id = attendance.person
    WHERE attendance.county = :county AND activity = :activity AND (CAST(:after AS text) IS NULL OR person > :after)
    ORDER BY person LIMIT :limit
""")
