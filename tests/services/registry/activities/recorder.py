"""What a recorder of these tests does, and what then stands on the list and was told."""

from collections.abc import Mapping
from typing import Any

from kit.tokens import Principal
from registry.activities import handlers
from registry.activities.domain import Activity, Entry, Outcome
from registry.activities.handlers import CorrectActivity, RecordAttendance
from registry.ids import ActivityId, PersonId
from support.books import Books

ATTENDED, EXCUSED, MISSED, WITHDRAWN = Outcome.ATTENDED, Outcome.EXCUSED, Outcome.MISSED, Outcome.WITHDRAWN


async def correct(books: Books, activity: ActivityId, seen: int, **changes: Any) -> Activity:
    async with books.work() as work:
        return await handlers.correct_activity(work, CorrectActivity(activity, seen, changes), books.desk)


async def enter(books: Books, activity: ActivityId, *entries: Entry, by: Principal | None = None) -> Activity:
    async with books.work() as work:
        return await handlers.record_attendance(work, RecordAttendance(activity, entries), by or books.desk)


async def revision(books: Books, activity: ActivityId) -> int:
    async with books.work() as work:
        return (await work.activities.peek(activity)).activity.revision


async def lines(books: Books, activity: ActivityId) -> Mapping[PersonId, tuple[str, int]]:
    async with books.work() as work:
        sheet = await work.activities.peek(activity)
    return {person: (line.entry.outcome.value, line.version) for person, line in sheet.lines.items()}


async def of_person(books: Books, activity: ActivityId, person: PersonId) -> list[tuple[str, int]]:
    told = await books.told("registry.participation", f"{activity}/{person}")
    return [(event.type, event.aggregateversion) for event in told]
