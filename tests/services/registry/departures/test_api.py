from registry.activities.domain import Outcome
from support.books import Books, new_id
from support.desk import Desk, slug


async def test_a_death_is_entered_once(desk: Desk, books: Books) -> None:
    (person,) = await books.people(1)
    answer = await desk.post(f"/people/{person}/death", {"died_on": "2022-03-10"})
    assert (answer.status_code, answer.json()) == (201, {"id": person})
    assert slug(await desk.post(f"/people/{person}/death", {"died_on": "2022-03-11"})) == (409, "already-died")


async def test_a_death_before_something_attended_is_refused_with_the_list(desk: Desk, books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    activity = await books.plan(branch)
    await books.record(activity, Outcome.ATTENDED, person)
    answer = await desk.post(f"/people/{person}/death", {"died_on": "2022-03-10"})
    assert slug(answer) == (409, "attended-later")
    assert answer.json()["errors"] == [{"field": "died_on", "activity": activity, "sentence": "2022-03-15 参加了活动"}]


async def test_bad_input_has_its_own_answer(desk: Desk, books: Books) -> None:
    (person,) = await books.people(1)
    assert slug(await desk.post(f"/people/{person}/death", {"died_on": "2999-01-01"})) == (422, "date-in-future")
    assert slug(await desk.post(f"/people/{person}/death", {})) == (422, "invalid-input")
    assert slug(await desk.post(f"/people/{new_id()}/death", {"died_on": "2022-03-10"})) == (404, "unknown-person")


async def test_only_the_desk_and_the_admin_enter_a_death(desk: Desk, books: Books) -> None:
    branch = await books.found()
    (person,) = await books.members(branch, 1)
    recorder = desk.asked_by(books.principal("recorder", branch.id))
    assert slug(await recorder.post(f"/people/{person}/death", {"died_on": "2022-03-10"}))[0] == 403
