"""Who sees what was judged: nobody of another branch, no other member, and nobody who has no business with it."""

import pytest

from scoring.ids import PersonId
from services.scoring.envelopes import new_id
from services.scoring.judgements.benches import Bench, slug
from support.front import Client


async def ids(bench: Bench, by: Client) -> list[str]:
    return [row["id"] for row in await bench.judgements(by)]


async def two(bench: Bench) -> tuple[PersonId, str, str]:
    """Somebody of the north branch, and a deduction there and in the south."""
    here, there = await bench.member(bench.north), await bench.member(bench.south)
    one, other = sorted([await bench.confirmed(await bench.deduct(each)) for each in (here, there)])
    return here, one, other


async def test_the_office_sees_all(bench: Bench) -> None:
    _, *both = await two(bench)
    for role in ("county_admin", "desk", "auditor"):
        assert await ids(bench, bench.county.client(role)) == both


async def test_a_recorder_sees_those_at_home_in_or_below_their_organisations(bench: Bench) -> None:
    here, *both = await two(bench)
    north, bureau = (bench.county.client("recorder", organisations=[org]) for org in (bench.north, bench.bureau))
    (own,) = await ids(bench, north)
    (other,) = {*both} - {own}
    assert (await bench.shown(own, north))["person"] == here
    assert slug(await north.get(f"/judgements/{other}")) == (404, "judgement-not-found")
    assert await ids(bench, bureau) == both


async def test_a_member_sees_their_own(bench: Bench) -> None:
    here, *both = await two(bench)
    member = bench.county.client("member", person=here)
    (own,) = await ids(bench, member)
    (other,) = {*both} - {own}
    assert (await bench.shown(own, member))["person"] == here
    assert slug(await member.get(f"/judgements/{other}")) == (404, "judgement-not-found")


async def test_a_member_whose_entries_were_merged_sees_what_was_made_for_either(bench: Bench) -> None:
    one, other = await bench.member(), await bench.member()
    made = [await bench.confirmed(await bench.deduct(each)) for each in (one, other)]
    await bench.merge(one, other)
    for person in (one, other):
        assert await ids(bench, bench.county.client("member", person=person)) == sorted(made)
    recorder = bench.county.client("recorder", organisations=[bench.north])
    assert await ids(bench, recorder) == sorted(made)


async def test_an_entry_that_ended_is_seen_where_the_other_one_is_at_home(bench: Bench) -> None:
    ended, goes_on = await bench.member(bench.south), await bench.member(bench.north)
    made = (await bench.deduct(ended)).json()["id"]
    await bench.merge(ended, goes_on)
    north, south = (bench.county.client("recorder", organisations=[org]) for org in (bench.north, bench.south))
    assert (await ids(bench, north), await ids(bench, south)) == ([made], [])


@pytest.mark.parametrize("role", ["mediator", "operator"])
async def test_nobody_else_sees_any(bench: Bench, role: str) -> None:
    await two(bench)
    assert slug(await bench.county.client(role).get("/judgements")) == (403, "forbidden")


async def test_another_county_sees_none(bench: Bench) -> None:
    _, one, _ = await two(bench)
    stranger = bench.county.client("county_admin", of=new_id())
    assert await ids(bench, stranger) == []
    assert slug(await stranger.get(f"/judgements/{one}")) == (404, "judgement-not-found")
    assert slug(await bench.act(one, by=stranger)) == (404, "judgement-not-found")


async def test_a_recorder_proposes_for_the_own_branch_and_decides_nothing(bench: Bench) -> None:
    here, there = await bench.member(bench.north), await bench.member(bench.south)
    recorder = bench.county.client("recorder", organisations=[bench.north])
    bodies = [{"person": each, "item": "absence", "day": "2022-03-01"} for each in (here, there)]
    answers = [await recorder.post("/deductions", body) for body in bodies]
    assert [answer.status_code for answer in answers] == [201, 403]
    judgement = answers[0].json()["id"]
    for what in ("confirmation", "refusal", "withdrawal"):
        assert slug(await bench.act(judgement, what, recorder)) == (403, "forbidden")


@pytest.mark.parametrize("role", ["member", "auditor", "mediator", "operator"])
async def test_others_propose_nothing(bench: Bench, role: str) -> None:
    person = await bench.member()
    client = bench.county.client(role, person=person)
    body = {"person": person, "item": "family", "period": "2022Q1", "grade": "good"}
    assert slug(await client.post("/appraisals", body)) == (403, "forbidden")
