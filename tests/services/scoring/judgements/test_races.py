"""Two at once: one of them wins, the other is told so, and the ledger is right."""

import asyncio
from datetime import date

from services.scoring.judgements.benches import Bench, missed, slug


async def test_of_two_confirmations_at_once_one_wins(bench: Bench) -> None:
    person = await bench.member()
    judgement = (await bench.deduct(person)).json()["id"]
    answers = await asyncio.gather(
        bench.act(judgement), bench.act(judgement, by=bench.county.client("desk")), bench.act(judgement)
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {slug(answer)[1] for answer in answers if answer.status_code == 409} == {"judgement-decided"}
    assert (await bench.total(person), len(await bench.told())) == (580, 1)


async def test_of_a_confirmation_and_a_refusal_at_once_one_wins(bench: Bench) -> None:
    person = await bench.member()
    judgement = (await bench.deduct(person)).json()["id"]
    answers = await asyncio.gather(bench.act(judgement), bench.act(judgement, "refusal"))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    counted = (await bench.shown(judgement))["state"] == "confirmed"
    assert await bench.total(person) == (580 if counted else 600)


async def test_of_two_appraisals_of_the_same_at_once_one_is_taken(bench: Bench) -> None:
    person = await bench.member()
    answers = await asyncio.gather(*(bench.appraise(person) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_a_confirmation_and_the_correction_of_its_fact_at_once_leave_nothing_taken(bench: Bench) -> None:
    for _ in range(5):
        fact = missed(await bench.member())
        await bench.tell(fact.person, fact)
        (proposal,) = await bench.judgements(person=fact.person)
        corrected = missed(fact.person, subject=fact.subject, version=2, event="activity.excused")
        await asyncio.gather(bench.act(proposal["id"]), bench.tell(fact.person, corrected))
        assert (await bench.shown(proposal["id"]))["state"] == "withdrawn"
        assert await bench.total(fact.person) == 600


async def test_batches_and_confirmations_of_one_person_do_not_lose_each_other(bench: Bench) -> None:
    person = await bench.member()
    proposals = [(await bench.deduct(person, day=date(2022, 3, day))).json()["id"] for day in range(1, 5)]
    lessons = [missed(person, event="activity.attended") for _ in range(3)]
    await asyncio.gather(*(bench.act(each) for each in proposals), *(bench.tell(person, each) for each in lessons))
    assert await bench.total(person) == 600 - 4 * 20 + 3 * 25
