"""What exempt days do to judgements: proposals lapse and come back, what is confirmed stays and counts for nothing."""

from dataclasses import replace
from datetime import date

from services.scoring.exemptions.test_api import QUARTER, ask, granted
from services.scoring.judgements.benches import MARCH, Bench, missed

FEBRUARY = date(2022, 2, 9)


async def stands(bench: Bench, judgement: str) -> tuple[str, str | None]:
    shown = await bench.shown(judgement)
    return shown["state"], shown["withdrawn_by"]


async def test_what_is_proposed_lapses_and_comes_back_when_it_is_withdrawn(bench: Bench) -> None:
    person = await bench.member()
    other, by_hand = [(await bench.deduct(person, day=day)).json()["id"] for day in (FEBRUARY, MARCH)]
    await bench.tell(person, missed(person))
    (by_event,) = {row["id"] for row in await bench.judgements()} - {other, by_hand}
    exemption = await granted(bench, person)
    assert [await stands(bench, each) for each in (by_hand, by_event)] == [("withdrawn", None)] * 2
    await ask(bench, exemption, "withdrawal")
    assert [await stands(bench, each) for each in (other, by_hand, by_event)] == [("proposed", None)] * 3
    assert (await bench.shown(by_hand))["withdrawn_at"] is None


async def test_ended_later_they_lapse_and_ended_earlier_they_come_back(bench: Bench) -> None:
    person = await bench.member()
    exemption = await granted(bench, person, since="2022-03-01", until="2022-03-05")
    judgement = (await bench.deduct(person)).json()["id"]
    await ask(bench, exemption, "ending", until="2022-04-01")
    assert await stands(bench, judgement) == ("withdrawn", None)
    await ask(bench, exemption, "ending", until=MARCH.isoformat())
    assert await stands(bench, judgement) == ("proposed", None)


async def test_what_a_person_withdrew_or_refused_does_not_come_back(bench: Bench) -> None:
    person = await bench.member()
    made = []
    for day, what in ((8, "withdrawal"), (9, "refusal")):
        made.append((await bench.deduct(person, day=date(2022, 3, day))).json()["id"])
        await bench.act(made[-1], what)
    before = [await stands(bench, each) for each in made]
    await ask(bench, await granted(bench, person), "withdrawal")
    assert [await stands(bench, each) for each in made] == before
    assert [state for state, _ in before] == ["withdrawn", "refused"]


async def test_what_an_absence_took_stays_confirmed_and_counts_again_afterwards(bench: Bench) -> None:
    for days in ({}, QUARTER):
        fact = missed(await bench.member())
        await bench.tell(fact.person, fact)
        (proposal,) = await bench.judgements(person=fact.person)
        await bench.act(proposal["id"])
        exemption = await granted(bench, fact.person, **days)
        assert await stands(bench, proposal["id"]) == ("confirmed", None)
        assert await bench.total(fact.person) == (None if days else 600)
        await ask(bench, exemption, "withdrawal")
        assert (await stands(bench, proposal["id"]), await bench.total(fact.person)) == (("confirmed", None), 580)


async def test_an_absence_that_is_put_right_or_moved_meanwhile_takes_nothing(bench: Bench) -> None:
    for changed in ({"shape": missed(await bench.member(), event="activity.excused").shape}, {"day": FEBRUARY}):
        fact = missed(await bench.member())
        await bench.tell(fact.person, fact)
        (proposal,) = await bench.judgements(person=fact.person)
        await bench.act(proposal["id"])
        exemption = await granted(bench, fact.person)
        await bench.tell(fact.person, replace(fact, version=2, **changed))
        assert (await bench.shown(proposal["id"]))["state"] == ("proposed" if "day" in changed else "withdrawn")
        await ask(bench, exemption, "withdrawal")
        assert await bench.total(fact.person) == 600


async def test_what_lapsed_keeps_no_quarter_open(bench: Bench) -> None:
    person = await bench.member()
    await bench.deduct(person)
    await bench.tell(person, missed(person))
    refused = await bench.second.post("/periods/2022Q1/closing", {})
    await granted(bench, person)
    assert (refused.status_code, (await bench.second.post("/periods/2022Q1/closing", {})).status_code) == (409, 201)
