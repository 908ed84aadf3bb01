"""What was recorded under an entry that ended stays, and what is recorded from then on goes to the kept one."""

from datetime import date, timedelta

import pytest

from registry.activities import handlers as activities
from registry.activities.domain import AttendanceRefused, Outcome
from registry.activities.handlers import CorrectActivity, RecordAttendance
from registry.ids import ActivityId, PersonId
from registry.merging.handlers import MergePerson, merge_person
from registry.organisations.domain import Organisation
from support.books import Books


async def merge(books: Books, ended: PersonId, into: PersonId) -> None:
    async with books.work() as work:
        await merge_person(work, MergePerson(ended, into), books.desk)


async def of_two(books: Books) -> tuple[Organisation, PersonId, PersonId]:
    branch = await books.found()
    ended, into = await books.members(branch, 2)
    return branch, ended, into


async def rest_missed(books: Books, activity: ActivityId) -> None:
    async with books.work() as work:
        await activities.record_attendance(work, RecordAttendance(activity, (), rest_missed="paper"), books.desk)


async def outcomes(books: Books, activity: ActivityId) -> dict[PersonId, Outcome]:
    async with books.work() as work:
        lines = (await work.activities.peek(activity)).lines
    return {person: line.entry.outcome for person, line in lines.items()}


async def test_an_attendance_of_an_ended_entry_is_refused_naming_the_kept_one(books: Books) -> None:
    branch, ended, into = await of_two(books)
    activity = await books.plan(branch)
    await merge(books, ended, into)
    with pytest.raises(AttendanceRefused) as caught:
        await books.record(activity, Outcome.ATTENDED, into, ended)
    sentence = f"此人的这条登记已合并，请改记保留的登记（{into}）"
    assert caught.value.errors == ({"field": "entries.1.person", "merged_into": into, "sentence": sentence},)


async def test_an_absence_of_an_ended_entry_is_refused_for_one_reason(books: Books) -> None:
    branch, ended, into = await of_two(books)
    activity = await books.plan(branch)
    await merge(books, ended, into)
    with pytest.raises(AttendanceRefused) as caught:
        await books.record(activity, Outcome.EXCUSED, ended)
    assert [error["field"] for error in caught.value.errors] == ["entries.0.person"]


async def test_what_was_merged_twice_is_refused_naming_the_last_one(books: Books) -> None:
    branch, ended, into = await of_two(books)
    (last,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    await merge(books, ended, into)
    await merge(books, into, last)
    with pytest.raises(AttendanceRefused) as caught:
        await books.record(activity, Outcome.ATTENDED, ended)
    assert caught.value.errors[0]["merged_into"] == last


async def test_what_was_recorded_before_stays_and_is_told_when_the_activity_is_closed(books: Books) -> None:
    branch, ended, into = await of_two(books)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.ATTENDED, ended, into)
    await merge(books, ended, into)
    await books.close(activity)
    told = await books.told("registry.participation")
    assert {event.subject for event in told} == {f"{activity}/{ended}", f"{activity}/{into}"}


async def test_a_merge_rewrites_nothing_that_others_have_heard(books: Books) -> None:
    branch, ended, into = await of_two(books)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.MISSED, ended, into)
    await books.close(activity)
    before = [await books.told(topic) for topic in ("registry.participation", "registry.activity")]
    await merge(books, ended, into)
    assert [await books.told(topic) for topic in ("registry.participation", "registry.activity")] == before


async def test_a_list_that_is_sent_again_says_nothing_new_of_an_ended_entry(books: Books) -> None:
    branch, ended, into = await of_two(books)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.ATTENDED, ended)
    await merge(books, ended, into)
    await books.record(activity, Outcome.ATTENDED, ended)
    assert await outcomes(books, activity) == {ended: Outcome.ATTENDED}


async def test_a_wrong_line_of_an_ended_entry_can_be_taken_back(books: Books) -> None:
    branch, ended, into = await of_two(books)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.ATTENDED, ended)
    await merge(books, ended, into)
    await books.record(activity, Outcome.WITHDRAWN, ended)
    assert await outcomes(books, activity) == {ended: Outcome.WITHDRAWN}


async def test_of_the_rest_only_the_kept_entry_has_missed_it(books: Books) -> None:
    branch, ended, into = await of_two(books)
    activity = await books.plan(branch)
    await merge(books, ended, into)
    await rest_missed(books, activity)
    assert await outcomes(books, activity) == {into: Outcome.MISSED}


async def test_who_stands_under_the_ended_entry_has_not_missed_it(books: Books) -> None:
    branch, ended, into = await of_two(books)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.ATTENDED, ended)
    await merge(books, ended, into)
    await rest_missed(books, activity)
    assert await outcomes(books, activity) == {ended: Outcome.ATTENDED}


async def test_who_was_taken_back_under_the_ended_entry_may_have_missed_it(books: Books) -> None:
    branch, ended, into = await of_two(books)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.ATTENDED, ended)
    await books.record(activity, Outcome.WITHDRAWN, ended)
    await merge(books, ended, into)
    await rest_missed(books, activity)
    assert await outcomes(books, activity) == {ended: Outcome.WITHDRAWN, into: Outcome.MISSED}


async def test_a_corrected_activity_leaves_the_ended_entrys_absence_as_it_was(books: Books) -> None:
    branch, ended, into = await of_two(books)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.MISSED, ended)
    await merge(books, ended, into)
    async with books.work() as work:
        seen = (await work.activities.peek(activity)).activity
        changes = {"ends": seen.occasion.ends + timedelta(hours=1)}
        await activities.correct_activity(work, CorrectActivity(activity, seen.revision, changes), books.desk)
    assert await outcomes(books, activity) == {ended: Outcome.MISSED}


async def test_a_late_entry_for_a_day_before_the_merge_goes_to_the_kept_entry(books: Books) -> None:
    branch, ended, into = await of_two(books)
    await merge(books, ended, into)
    activity = await books.plan(branch, day=date(2022, 3, 9))
    await books.record(activity, Outcome.MISSED, into)
    assert await outcomes(books, activity) == {into: Outcome.MISSED}
