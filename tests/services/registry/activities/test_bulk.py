"""A list of three hundred is a handful of statements and one transaction."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from registry.activities.domain import Outcome, State
from support.books import Books
from support.statements import said


async def test_three_hundred_people_are_recorded_and_closed_in_a_handful_of_statements(books: Books) -> None:
    branch = await books.found()
    members = await books.people(300)
    activity = await books.plan(branch, kind="volunteering")
    with said(books.sessions) as statements:
        await books.record(activity, Outcome.ATTENDED, *members)
        recorded = len(statements)
        await books.close(activity)
    assert (recorded, len(statements) - recorded) < (20, 20)
    assert len(await books.told("registry.participation")) == 300


async def test_a_closing_that_fails_at_its_last_person_leaves_nothing(books: Books) -> None:
    branch = await books.found()
    members = await books.people(300)
    activity = await books.plan(branch, kind="volunteering")
    await books.record(activity, Outcome.ATTENDED, *members)
    async with books.work() as work:
        await work.session.execute(_TAKEN, {"county": books.county, "subject": f"{activity}/{members[-1]}"})
    with pytest.raises(IntegrityError):
        await books.close(activity)
    assert await books.told("registry.activity") == []
    assert len(await books.told("registry.participation")) == 1
    async with books.work() as work:
        assert (await work.activities.peek(activity)).activity.state is State.OPEN


# Somebody's version 1 is in the journal already, so that the three hundredth row is refused.
_TAKEN = text("""
    INSERT INTO journal (county, topic, key, subject, aggregateversion, type, value)
    SELECT :county, 'registry.participation', 'key', :subject, 1, 'activity.attended.v1', value FROM journal LIMIT 1
""")
