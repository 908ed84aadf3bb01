"""Judging over HTTP: one proposes, another confirms, and points move when it counts."""

from datetime import date
from typing import Any

import orjson

from scoring.ids import PersonId
from services.scoring.envelopes import new_id
from services.scoring.judgements.benches import MARCH, Bench, slug

WORDS = "邻里都说他家风好"


async def test_an_appraisal_counts_once_a_second_person_has_confirmed_it(bench: Bench) -> None:
    person = await bench.member()
    proposed = await bench.appraise(person)
    assert await bench.total(person) == 600
    await bench.confirmed(proposed)
    assert await bench.total(person) == 650


async def test_a_confirmed_deduction_lowers_the_total_and_its_withdrawal_brings_it_back(bench: Bench) -> None:
    person = await bench.member()
    judgement = await bench.confirmed(await bench.deduct(person))
    lowered = await bench.total(person)
    await bench.act(judgement, "withdrawal")
    assert (lowered, await bench.total(person)) == (580, 600)


async def test_a_veto_makes_the_total_nothing_and_its_withdrawal_brings_it_back(bench: Bench) -> None:
    person = await bench.member()
    await bench.confirmed(await bench.appraise(person))
    judgement = await bench.confirmed(await bench.deduct(person, "discipline"))
    nothing = await bench.total(person)
    await bench.act(judgement, "withdrawal")
    assert (nothing, await bench.total(person)) == (0, 650)


async def test_what_is_refused_or_withdrawn_before_counts_for_nothing_and_is_told_nobody(bench: Bench) -> None:
    person = await bench.member()
    for what, state in (("refusal", "refused"), ("withdrawal", "withdrawn")):
        judgement = (await bench.deduct(person)).json()["id"]
        assert (await bench.act(judgement, what)).status_code == 201
        assert (await bench.shown(judgement))["state"] == state
    assert (await bench.total(person), await bench.told()) == (600, [])


async def test_a_month_is_appraised_on_its_last_day_and_a_quarter_on_its_own(bench: Bench) -> None:
    person = await bench.member()
    await bench.confirmed(await bench.appraise(person))
    for month in ("2022-01", "2022-02"):
        await bench.confirmed(await bench.appraise(person, item="opinion", month=month))
    days = [(row["month"], row["day"]) for row in await bench.judgements(person=person)]
    assert days == [(None, "2022-03-31"), ("2022-01", "2022-01-31"), ("2022-02", "2022-02-28")]
    assert await bench.total(person) == 600 + 50 + 10 + 10


async def test_the_points_explain_the_judgement(bench: Bench) -> None:
    person = await bench.member()
    judgement = await bench.confirmed(await bench.deduct(person))
    why = (await bench.desk.get(f"/people/{person}/explanation", period="2022Q1")).json()
    line = why["lines"][-1]
    assert (line["item"], line["value_tenths"], line["fact"]["subject"]) == ("absence", -20, f"{person}/{judgement}")


async def test_what_is_told_carries_codes_and_days_and_who_tells_the_person(bench: Bench) -> None:
    person = await bench.member()
    appraised = await bench.confirmed(await bench.appraise(person, grounds=WORDS))
    deducted = await bench.confirmed(await bench.deduct(person, grounds=WORDS))
    await bench.second.post(f"/judgements/{deducted}/withdrawal", {"reason": WORDS})
    told = await bench.told()
    assert [(event["type"], event["subject"], event["aggregateversion"]) for event in told] == [
        ("appraisal.confirmed.v1", f"{person}/{appraised}", 1),
        ("deduction.confirmed.v1", f"{person}/{deducted}", 1),
        ("deduction.withdrawn.v1", f"{person}/{deducted}", 2),
    ]
    assert told[0]["data"] == {
        "person": person, "item": "family", "grade": "good", "period": "2022Q1", "month": None, "day": "2022-03-31",
        "state": "confirmed", "tell": bench.north,
    }  # fmt: skip
    assert told[2]["data"] == {
        "person": person, "item": "absence", "value_tenths": -20, "veto": False, "period": "2022Q1",
        "day": MARCH.isoformat(), "state": "withdrawn", "source": None, "tell": bench.north,
    }  # fmt: skip


async def test_no_words_reach_a_topic(bench: Bench) -> None:
    person = await bench.member()
    deducted = await bench.confirmed(await bench.deduct(person, "discipline", grounds=WORDS))
    await bench.second.post(f"/judgements/{deducted}/withdrawal", {"reason": WORDS})
    rows = await bench.county.rows("SELECT value FROM journal WHERE county = :county")
    assert [row for row in rows if WORDS in orjson.dumps(orjson.loads(row.value)).decode()] == []
    assert (await bench.shown(deducted))["grounds"] == WORDS


async def test_who_moved_is_told_by_the_branch_of_today_and_who_left_by_the_bureau(bench: Bench) -> None:
    person = await bench.member(bench.south)
    await bench.confirmed(await bench.appraise(person))
    assert (await bench.told())[0]["data"]["tell"] == bench.south


async def test_in_a_closed_quarter_it_is_allowed_and_settled_in_the_next_one(bench: Bench) -> None:
    person = await bench.member()
    book = (await bench.desk.get("/books")).json()["items"][0]["id"]
    await bench.county.open("2022Q2", book)
    while await bench.county.sweep():
        pass
    await bench.second.made("/periods/2022Q1/closing", {})
    proposed = await bench.deduct(person)
    assert "补2022Q1" in (await bench.shown(proposed.json()["id"]))["late"]
    await bench.confirmed(proposed)
    assert await bench.total(person, "2022Q2") == 600 - 20


async def test_the_answer_to_a_repeated_key_is_the_first_one(bench: Bench) -> None:
    person, key = await bench.member(), new_id()
    body = {"person": person, "item": "absence", "day": MARCH.isoformat()}
    first, again = [await bench.desk.post("/deductions", body, key) for _ in range(2)]
    assert first.json() == again.json()
    assert len(await bench.judgements()) == 1


async def test_the_list_goes_page_by_page_in_the_order_of_ids(bench: Bench) -> None:
    person = await bench.member()
    made = [(await bench.deduct(person, day=date(2022, 2, day))).json()["id"] for day in (1, 2, 3)]
    page = (await bench.desk.get("/judgements", limit=2)).json()
    rest = (await bench.desk.get("/judgements", limit=2, cursor=page["next"])).json()
    assert [row["id"] for row in page["items"] + rest["items"]] == sorted(made)
    assert rest["next"] is None


async def test_the_list_is_narrowed_by_state_period_and_person(bench: Bench) -> None:
    one, other = await bench.member(), PersonId(await bench.member())
    confirmed = await bench.confirmed(await bench.deduct(one))
    proposed = (await bench.deduct(other)).json()["id"]

    async def ids(**query: Any) -> list[str]:
        return [row["id"] for row in await bench.judgements(**query)]

    assert (await ids(state="confirmed"), await ids(state="proposed")) == ([confirmed], [proposed])
    assert (await ids(person=other), await ids(period="2022Q2")) == ([proposed], [])


async def test_what_is_not_there_is_not_found(bench: Bench) -> None:
    answers = [await bench.act(new_id()), await bench.second.get(f"/judgements/{new_id()}")]
    assert [slug(answer) for answer in answers] == [(404, "judgement-not-found")] * 2
