from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from registry.activities.domain import (
    Activity,
    Attendance,
    Change,
    Counts,
    Entry,
    Mode,
    Occasion,
    Outcome,
    Sheet,
    State,
    UnknownActivity,
)
from registry.activities.tables import ActivityHostRow, ActivityRow
from registry.ids import ActivityId, CountyId, OrganisationId, PersonId


class ActivityRepository:
    """Locks come in one order everywhere, a death's too: people first, by id, then activities, by id."""

    def __init__(self, session: AsyncSession, county: CountyId) -> None:
        self._session, self._county = session, county

    async def peek(self, activity: ActivityId) -> Sheet:
        """Read without a lock, to learn whom to lock first. Raises UnknownActivity."""
        return (await self._sheets([activity]))[0]

    async def lock(self, activity: ActivityId) -> Sheet:
        """Raises UnknownActivity."""
        return (await self.lock_each([activity]))[0]

    async def lock_each(self, activities: Collection[ActivityId]) -> Sequence[Sheet]:
        """Raises UnknownActivity. Read after the lock: one statement would show the hosts as they were before it."""
        await self._session.execute(_LOCK, {"county": self._county, "activities": list(activities)})
        return await self._sheets(activities)

    async def lines_from(self, person: PersonId, moment: datetime) -> Mapping[ActivityId, tuple[datetime, Outcome]]:
        """What is recorded of a person at activities that start then or later."""
        asked = {"county": self._county, "person": person, "moment": moment}
        rows = (await self._session.execute(_LINES_FROM, asked)).all()
        return {ActivityId(id_): (starts, Outcome(outcome)) for id_, starts, outcome in rows}

    async def add(self, activity: Activity) -> None:
        await self._session.execute(insert(ActivityRow), [self._row(activity)])
        await self._write_hosts(activity)

    async def save(self, change: Change, at: datetime, by: str) -> None:
        before, after = change.before, change.activity
        if after != before:
            row = col(ActivityRow.county) == self._county, col(ActivityRow.id) == after.id
            await self._session.execute(update(ActivityRow).where(*row).values(self._row(after)))
        if after.occasion.hosts != before.occasion.hosts:
            hosts = col(ActivityHostRow.county) == self._county, col(ActivityHostRow.activity) == after.id
            await self._session.execute(delete(ActivityHostRow).where(*hosts))
            await self._write_hosts(after)
        if change.lines:
            noted = {"county": self._county, "activity": after.id, "recorded_at": at, "recorded_by": by}
            await self._session.execute(_WRITE_LINES, noted | _columns(change.lines))

    async def _sheets(self, activities: Collection[ActivityId]) -> Sequence[Sheet]:
        asked = {"county": self._county, "activities": list(activities)}
        rows = (await self._session.execute(_READ, asked)).mappings().all()
        if len(rows) < len(activities):
            raise UnknownActivity
        lines: dict[str, dict[PersonId, Attendance]] = defaultdict(dict)
        for row in (await self._session.execute(_LINES, asked)).mappings():
            lines[row["activity"]][PersonId(row["person"])] = _line(row)
        return [Sheet(_activity(row), lines[row["id"]]) for row in rows]

    async def _write_hosts(self, activity: Activity) -> None:
        key = {"county": self._county, "activity": activity.id}
        hosts = [{**key, "organisation": host, "place": place} for place, host in enumerate(activity.occasion.hosts)]
        await self._session.execute(insert(ActivityHostRow), hosts)

    def _row(self, activity: Activity) -> dict[str, Any]:
        occasion, counts = activity.occasion, activity.counts
        return {
            "county": self._county,
            "id": activity.id,
            "kind": occasion.kind,
            "theme": occasion.theme,
            "mode": occasion.mode.value,
            "place": occasion.place,
            "starts": occasion.starts,
            "ends": occasion.ends,
            "state": activity.state.value,
            "due": counts.due,
            "attended": counts.attended,
            "excused": counts.excused,
            "missed": counts.missed,
            "revision": activity.revision,
            "version": activity.version,
        }


_READ = text("""
    SELECT activities.*, ARRAY(
        SELECT organisation FROM activity_hosts
        WHERE activity_hosts.county = activities.county AND activity_hosts.activity = activities.id ORDER BY place
    ) AS hosts
    FROM activities WHERE county = :county AND id = ANY(:activities) ORDER BY id
""")
_LOCK = text("""
    SELECT id FROM activities WHERE county = :county AND id = ANY(:activities) ORDER BY id FOR NO KEY UPDATE
""")
_LINES = text("SELECT * FROM attendance WHERE county = :county AND activity = ANY(:activities)")
_LINES_FROM = text("""
    SELECT activities.id, activities.starts, attendance.outcome
    FROM attendance JOIN activities ON activities.county = attendance.county AND activities.id = attendance.activity
    WHERE attendance.county = :county AND attendance.person = :person AND activities.starts >= :moment
    ORDER BY activities.starts, activities.id
""")
_WRITE_LINES = text("""
    INSERT INTO attendance
        (county, activity, person, outcome, origin, on_behalf_of, version, recorded_at, recorded_by)
    SELECT :county, :activity, person, outcome, origin, on_behalf_of, version, :recorded_at, :recorded_by
    FROM unnest(CAST(:person AS text[]), CAST(:outcome AS text[]), CAST(:origin AS text[]),
                CAST(:on_behalf_of AS text[]), CAST(:version AS int[]))
      AS lines (person, outcome, origin, on_behalf_of, version)
    ON CONFLICT (county, activity, person) DO UPDATE SET
        outcome = excluded.outcome, origin = excluded.origin, on_behalf_of = excluded.on_behalf_of,
        version = excluded.version, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by
""")


def _columns(lines: Sequence[Attendance]) -> dict[str, list[Any]]:
    return {
        "person": [line.entry.person for line in lines],
        "outcome": [line.entry.outcome.value for line in lines],
        "origin": [line.entry.origin for line in lines],
        "on_behalf_of": [line.entry.on_behalf_of for line in lines],
        "version": [line.version for line in lines],
    }


def _activity(row: Any) -> Activity:
    hosts = tuple(map(OrganisationId, row["hosts"]))
    occasion = Occasion(
        row["kind"], row["theme"], Mode(row["mode"]), hosts, row["place"], starts=row["starts"], ends=row["ends"]
    )
    counts = Counts(row["due"], row["attended"], row["excused"], row["missed"])
    return Activity(ActivityId(row["id"]), occasion, State(row["state"]), counts, row["revision"], row["version"])


def _line(row: Any) -> Attendance:
    on_behalf_of = PersonId(row["on_behalf_of"]) if row["on_behalf_of"] else None
    entry = Entry(PersonId(row["person"]), Outcome(row["outcome"]), row["origin"], on_behalf_of)
    return Attendance(entry, row["version"])
