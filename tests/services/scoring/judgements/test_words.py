"""Why somebody was judged: the office knows, whom it is about once it is confirmed, and nobody else."""

from typing import Any

import orjson

from scoring.ids import PersonId
from services.scoring.judgements.benches import Bench, missed
from support.front import Client

WHY, BACK, DECISION = "群众王某反映", "经核实有误", "因病免考"


async def seen(bench: Bench, by: Client) -> list[dict[str, Any]]:
    """By the list and one by one: the same."""
    rows = await bench.judgements(by)
    assert [await bench.shown(row["id"], by) for row in rows] == rows
    return rows


def others(bench: Bench) -> list[Client]:
    return [bench.county.client("auditor"), bench.county.client("recorder", organisations=[bench.north])]


async def test_grounds_are_the_offices_until_it_is_confirmed(bench: Bench) -> None:
    person = await bench.member()
    proposed = await bench.deduct(person, grounds=WHY)
    own = bench.county.client("member", person=person)
    assert await seen(bench, own) == []
    for role in ("county_admin", "desk"):
        assert [row["grounds"] for row in await seen(bench, bench.county.client(role))] == [WHY]
    judgement = await bench.confirmed(proposed)
    assert [(row["grounds"], row["proposed_by"]) for row in await seen(bench, own)] == [(WHY, None)]
    await bench.act(judgement, "withdrawal")
    assert [row["reason"] for row in await seen(bench, own)] == [BACK]
    for other in others(bench):
        (row,) = await seen(bench, other)
        assert (row["grounds"], row["reason"], bool(row["proposed_by"])) == (None, None, True)


async def test_what_came_to_nothing_is_no_business_of_whom_it_was_about(bench: Bench) -> None:
    person = await bench.member()
    for item, what in (("absence", "refusal"), ("discipline", "withdrawal")):
        await bench.act((await bench.deduct(person, item, grounds=WHY)).json()["id"], what)
    await bench.tell(person, missed(person))
    for role in ("member", "mediator", "recorder"):
        assert await seen(bench, bench.county.client(role, person=person, organisations=[bench.north])) == []


async def test_a_recorder_sees_the_words_about_themselves_and_of_nobody_else(bench: Bench) -> None:
    person, neighbour = await bench.member(), await bench.member()
    for each in (person, neighbour):
        await bench.confirmed(await bench.deduct(each, grounds=WHY))
    rows = await seen(bench, bench.county.client("recorder", person=person, organisations=[bench.north]))
    assert {row["person"]: row["grounds"] for row in rows} == {person: WHY, neighbour: None}


async def test_a_decision_is_the_offices_alone(bench: Bench) -> None:
    person = await bench.member()
    body = {"person": person, "since": "2022-03-01", "decision": DECISION}
    exemption = await bench.desk.made("/exemptions", body)
    for client in (*others(bench), bench.county.client("member", person=person), bench.desk):
        (row,) = (await client.get("/exemptions")).json()["items"]
        assert row == (await client.get(f"/exemptions/{exemption}")).json()
        assert row["decision"] == (DECISION if client is bench.desk else None)


async def test_asked_for_one_entry_the_lists_show_what_counts_for_the_person(bench: Bench) -> None:
    ended, goes_on, stranger = [await bench.member() for _ in range(3)]
    for each in (ended, stranger):
        await bench.confirmed(await bench.deduct(each))
        await bench.desk.made("/exemptions", {"person": each, "since": "2022-03-20", "decision": DECISION})
    await bench.merge(ended, goes_on)

    async def people(path: str, person: PersonId) -> list[str]:
        return [row["person"] for row in (await bench.desk.get(path, person=person)).json()["items"]]

    for path in ("/judgements", "/exemptions"):
        assert [await people(path, each) for each in (ended, goes_on)] == [[ended]] * 2


async def test_a_topic_says_of_a_deduction_its_code_and_value_and_not_its_name(bench: Bench) -> None:
    fact = missed(await bench.member())
    await bench.tell(fact.person, fact)
    (proposal,) = await bench.judgements()
    await bench.second.made(f"/judgements/{proposal['id']}/confirmation", {})
    rows = await bench.county.rows(
        "SELECT value FROM journal WHERE county = :county AND topic = 'scoring.points' ORDER BY id"
    )
    (line,) = orjson.loads(rows[-1].value)["data"]["lines"]
    assert (line["item"], line["value_tenths"], line["arithmetic"]) == ("absence", -20, "-2")
