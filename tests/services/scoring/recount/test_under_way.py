"""What is between the topics and the tables while somebody counts is told apart from what differs."""

from datetime import date

from contracts import topics
from scoring.ids import PersonId
from scoring.ledger.domain.facts import Fact
from scoring.rulebooks.domain import Shape
from services.scoring import envelopes
from services.scoring.envelopes import new_id
from services.scoring.recount.towns import CLERK, Town, live_quietly


async def quiet(town: Town) -> PersonId:
    """A county at rest, whose worker and relay have ended."""
    async with town.at_work():
        return await live_quietly(town)


async def test_an_event_that_no_worker_has_applied_is_lag(town: Town) -> None:
    person = await quiet(town)
    shape = Shape("activity.attended", "lesson", None, "assembled")
    fact = Fact(person, f"{new_id()}/{person}", 1, shape, date(2022, 4, 5), by=CLERK)
    await town.send((topics.PARTICIPATION, envelopes.participation_event(town.county.id, fact)))
    result = await town.recount()
    assert result.exit_code == 0
    assert "not applied yet: 1 of registry.participation" in result.output


async def test_a_judgement_that_is_not_relayed_yet_leaves_its_person_out(town: Town) -> None:
    person = await quiet(town)
    await town.county.client("desk").made("/exemptions", {"person": person, "since": "2022-04-05", "decision": "示例"})
    result = await town.recount()
    assert result.exit_code == 0
    assert "1 people left out, because something of theirs is under way" in result.output


async def test_an_opening_that_is_not_relayed_yet_is_waited_for(town: Town) -> None:
    await quiet(town)
    (book,) = await town.county.rows("SELECT id FROM books WHERE county = :county")
    await town.county.open("2022Q3", book.id)
    result = await town.recount()
    assert (result.exit_code, "a worker has to relay it first" in result.output) == (1, True)


async def test_people_whom_an_opening_has_not_reached_are_left_out(town: Town) -> None:
    await quiet(town)
    await town.execute("UPDATE accounts SET epoch = 0 WHERE county = :county")
    result = await town.recount()
    assert result.exit_code == 0
    assert "recounted 0 people" in result.output
    assert "1 people left out" in result.output


async def test_an_event_that_the_topic_has_lost_is_a_difference(town: Town) -> None:
    person = await quiet(town)
    await town.county.client("desk").made("/exemptions", {"person": person, "since": "2022-04-05", "decision": "示例"})
    await town.execute("DELETE FROM pending")
    result = await town.recount()
    assert result.exit_code == 1
    assert f"event of {person} scoring.appraisal {person}/" in result.output


async def test_a_county_that_nobody_told_of_is_a_sentence(town: Town) -> None:
    result = await town.command("recount", "--county", "nowhere")
    assert (result.exit_code, result.output) == (1, "no county of the word nowhere is on registry.county\n")
