"""Nobody decides in their own affair, under whichever of their entries; somebody else does."""

import httpx
import pytest

from scoring.ids import PersonId
from services.scoring.judgements.benches import Bench, missed, slug
from support.front import Client


def refused(answer: httpx.Response) -> bool:
    return (*slug(answer), answer.json()["detail"]) == (409, "own-affair", "这是您本人的事项，须由他人办理。")


async def clerk(bench: Bench, merged: bool) -> tuple[PersonId, Client]:
    """The entry that a judgement is made for, and the same person at the desk."""
    person, other = await bench.member(), await bench.member()
    if merged:
        await bench.merge(other, person)
    return person, bench.county.client("desk", person=other if merged else person)


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize("what", ["confirmation", "refusal", "withdrawal"])
async def test_whoever_is_judged_decides_nothing(bench: Bench, what: str, merged: bool) -> None:
    person, own = await clerk(bench, merged)
    judgement = (await bench.appraise(person)).json()["id"]
    assert refused(await bench.act(judgement, what, own))
    assert (await bench.act(judgement, what)).status_code == 201


async def test_nor_under_the_entry_that_ended(bench: Bench) -> None:
    ended, goes_on = await bench.member(), await bench.member()
    judgement = (await bench.deduct(ended)).json()["id"]
    await bench.merge(ended, goes_on)
    assert refused(await bench.act(judgement, "refusal", bench.county.client("desk", person=goes_on)))


async def test_who_was_absent_does_not_refuse_what_it_proposes(bench: Bench) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    (proposal,) = await bench.judgements()
    assert refused(await bench.act(proposal["id"], "refusal", bench.county.client("desk", person=fact.person)))


async def test_nobody_proposes_an_appraisal_of_themselves_but_a_deduction_they_may(bench: Bench) -> None:
    person, own = await clerk(bench, merged=True)
    appraisal = {"person": person, "item": "family", "period": "2022Q1", "grade": "good"}
    assert refused(await own.post("/appraisals", appraisal))
    deduction = {"person": person, "item": "absence", "day": "2022-03-01"}
    assert (await own.post("/deductions", deduction)).status_code == 201


async def test_nobody_exempts_themselves_nor_ends_it_nor_takes_it_back(bench: Bench) -> None:
    person, own = await clerk(bench, merged=True)
    body = {"person": person, "since": "2022-03-01", "decision": "支委会决定2022年第3号"}
    assert refused(await own.post("/exemptions", body))
    exemption = await bench.desk.made("/exemptions", body)
    for what, change in (("ending", {"until": "2022-03-20"}), ("withdrawal", {})):
        assert refused(await own.post(f"/exemptions/{exemption}/{what}", change))
