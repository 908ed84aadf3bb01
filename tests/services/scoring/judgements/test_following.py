"""What a recorded absence proposes: once however often it is told, and gone when the absence is gone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bus.testing import Deliveries
from contracts import topics
from kit.database import Sessions
from scoring.app import listener
from scoring.ids import PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Held, Life
from services.scoring.envelopes import new_id, participation_event
from services.scoring.judgements.benches import LONG_AGO, MARCH, Bench, missed, slug, user_of


def came(fact: Fact) -> Fact:
    """The same, put right: the person was there."""
    return replace(fact, version=fact.version + 1, shape=replace(fact.shape, event="activity.attended"))


async def states(bench: Bench) -> list[str]:
    return [row["state"] for row in await bench.judgements()]


async def test_an_absence_proposes_once_however_often_it_is_delivered(bench: Bench) -> None:
    fact = missed(await bench.member())
    event = participation_event(bench.county.id, fact)
    deliveries = Deliveries(listener(), Sessions(bench.county.worker))
    await deliveries.deliver_twice((topics.PARTICIPATION, event))
    (proposal,) = await bench.judgements()
    assert (proposal["item"], proposal["source"], proposal["day"]) == ("absence", fact.subject, MARCH.isoformat())
    assert (proposal["state"], proposal["kind"], await bench.total(fact.person)) == ("proposed", "deduction", 600)


async def test_it_takes_nothing_before_somebody_has_confirmed_it(bench: Bench) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    (proposal,) = await bench.judgements()
    await bench.act(proposal["id"])
    assert await bench.total(fact.person) == 580
    (told,) = await bench.told()
    assert (told["type"], told["data"]["source"]) == ("deduction.confirmed.v1", fact.subject)


async def test_who_recorded_the_absence_does_not_confirm_it(bench: Bench) -> None:
    fact = missed(await bench.member())
    event = participation_event(bench.county.id, fact).model_copy(update={"actor": user_of(bench.second)})
    await Deliveries(listener(), Sessions(bench.county.worker)).deliver((topics.PARTICIPATION, event))
    (proposal,) = await bench.judgements()
    answer = await bench.act(proposal["id"])
    assert slug(answer) == (409, "own-proposal")
    assert answer.json()["detail"] == "这项扣分所依据的情况是您本人登记的，须由另一位同志确认。"


async def test_its_correction_withdraws_the_proposal(bench: Bench) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    await bench.tell(fact.person, came(fact))
    (proposal,) = await bench.judgements()
    assert (proposal["state"], proposal["withdrawn_by"], await bench.told()) == ("withdrawn", None, [])
    assert await bench.total(fact.person) == 625


async def test_its_correction_withdraws_also_what_was_confirmed(bench: Bench) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    await bench.act((await bench.judgements())[0]["id"])
    await bench.tell(fact.person, came(fact))
    assert (await states(bench), await bench.total(fact.person)) == (["withdrawn"], 625)
    confirmed, withdrawn = await bench.told()
    assert (withdrawn["type"], withdrawn["aggregateversion"]) == ("deduction.withdrawn.v1", 2)
    assert withdrawn["data"] == {**confirmed["data"], "state": "withdrawn"}


async def test_an_entry_that_is_withdrawn_takes_its_proposal_along(bench: Bench) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    await bench.tell(fact.person, replace(fact, version=2, withdrawn=True))
    assert await states(bench) == ["withdrawn"]


async def test_it_is_proposed_again_if_the_absence_comes_back(bench: Bench) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    (first,) = await bench.judgements()
    await bench.act(first["id"])
    await bench.tell(fact.person, came(fact))
    bench.county.now += timedelta(hours=1)
    await bench.tell(fact.person, replace(fact, version=3))
    (proposal,) = await bench.judgements()
    assert (proposal["state"], proposal["decided_by"], proposal["withdrawn_at"]) == ("proposed", None, None)
    assert proposal["proposed_at"] > first["proposed_at"]
    assert await bench.total(fact.person) == 600
    await bench.act(proposal["id"])
    assert [event["aggregateversion"] for event in await bench.told()] == [1, 2, 3]
    assert await bench.total(fact.person) == 580


@pytest.mark.parametrize("what", ["refusal", "withdrawal"])
async def test_what_a_person_said_no_to_is_not_proposed_again(bench: Bench, what: str) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    await bench.act((await bench.judgements())[0]["id"], what)
    after = await states(bench)
    await bench.tell(fact.person, came(fact))
    await bench.tell(fact.person, replace(fact, version=3))
    assert await states(bench) == after == [{"refusal": "refused", "withdrawal": "withdrawn"}[what]]


async def test_told_again_in_a_higher_version_it_stands_as_it_stood(bench: Bench) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    await bench.act((await bench.judgements())[0]["id"])
    await bench.tell(fact.person, replace(fact, version=2))
    assert (await states(bench), await bench.total(fact.person)) == (["confirmed"], 580)


async def test_what_was_confirmed_for_another_day_has_to_be_decided_anew(bench: Bench) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    await bench.act((await bench.judgements())[0]["id"])
    await bench.tell(fact.person, replace(fact, version=2, day=date(2022, 2, 9)))
    (proposal,) = await bench.judgements()
    assert (proposal["state"], proposal["day"]) == ("proposed", "2022-02-09")
    assert [event["data"]["day"] for event in await bench.told()] == ["2022-03-09", "2022-03-09"]
    assert await bench.total(fact.person) == 600


async def test_an_absence_before_the_quarter_is_opened_proposes_at_the_opening(bench: Bench) -> None:
    fact = missed(await bench.member(), day=date(2022, 5, 9))
    await bench.tell(fact.person, fact)
    assert await bench.judgements() == []
    await bench.county.open("2022Q2", (await bench.desk.get("/books")).json()["items"][0]["id"])
    while await bench.county.sweep():
        pass
    (proposal,) = await bench.judgements()
    assert (proposal["period"], proposal["source"]) == ("2022Q2", fact.subject)


async def test_an_absence_that_arrives_before_its_person_proposes_when_the_person_comes(bench: Bench) -> None:
    person = PersonId(new_id())
    await bench.tell(person, missed(person))
    assert await bench.judgements() == []
    await bench.tell(person, Life(1, (Held("A", LONG_AGO),)), bench.at_home())
    assert await states(bench) == ["proposed"]


async def test_who_leaves_scope_is_asked_for_nothing(bench: Bench) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    await bench.leaves(fact.person, LONG_AGO)
    assert await states(bench) == ["withdrawn"]


async def test_who_did_not_come_to_anything_else_is_asked_for_nothing(bench: Bench) -> None:
    person = await bench.member()
    await bench.tell(person, replace(missed(person), shape=replace(missed(person).shape, kind="opera")))
    await bench.tell(person, missed(person, event="activity.excused"))
    assert await bench.judgements() == []


async def test_who_recorded_it_last_does_not_confirm_it(bench: Bench) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    event = participation_event(bench.county.id, replace(fact, version=2))
    told = event.model_copy(update={"actor": user_of(bench.second)})
    await Deliveries(listener(), Sessions(bench.county.worker)).deliver((topics.PARTICIPATION, told))
    (proposal,) = await bench.judgements()
    assert slug(await bench.act(proposal["id"])) == (409, "own-proposal")


async def test_who_recorded_it_first_does_not_confirm_it_after_somebody_elses_correction(bench: Bench) -> None:
    fact = missed(await bench.member(), by=user_of(bench.desk))
    await bench.tell(fact.person, fact)
    (proposal,) = await bench.judgements()
    await bench.tell(fact.person, replace(fact, version=2, day=date(2022, 3, 10), by=user_of(bench.second)))
    answers = [await bench.act(proposal["id"], by=each) for each in (bench.desk, bench.second)]
    assert [slug(answer) for answer in answers] == [(409, "own-proposal")] * 2
    assert (await bench.act(proposal["id"], by=bench.county.client("desk"))).status_code == 201
