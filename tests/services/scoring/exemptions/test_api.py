"""Exemptions over HTTP: granted late, they rate again what they touch; ended or withdrawn, they give it back."""

from datetime import date

import httpx
import orjson
import pytest

from scoring.ids import PersonId
from services.scoring.envelopes import new_id
from services.scoring.judgements.benches import MARCH, Bench, missed, slug
from support.front import Client

DECISION = "支委会决定2022年第3号"
SPRING = {"since": "2022-03-01", "until": "2022-04-01"}
QUARTER = {"since": "2022-01-01", "until": "2022-04-01"}


async def granted(bench: Bench, person: PersonId, **days: str) -> str:
    body = {"person": person, "decision": DECISION, **(days or SPRING)}
    return await bench.desk.made("/exemptions", body)


async def ask(bench: Bench, exemption: str, what: str, by: Client | None = None, **body: str) -> httpx.Response:
    return await (by or bench.desk).post(f"/exemptions/{exemption}/{what}", body)


async def test_granted_late_it_gives_back_what_was_taken_on_its_days(bench: Bench) -> None:
    person = await bench.member()
    await bench.confirmed(await bench.deduct(person, day=date(2022, 2, 9)))
    await bench.confirmed(await bench.deduct(person, day=MARCH))
    before = await bench.total(person)
    await granted(bench, person)
    assert (before, await bench.total(person)) == (560, 580)


async def test_a_veto_for_an_exempt_day_counts_for_nothing(bench: Bench) -> None:
    person = await bench.member()
    await bench.confirmed(await bench.deduct(person, "discipline"))
    exemption = await granted(bench, person)
    exempt = await bench.total(person)
    await ask(bench, exemption, "withdrawal")
    assert (exempt, await bench.total(person)) == (600, 0)


async def test_what_earns_still_earns(bench: Bench) -> None:
    person = await bench.member()
    await granted(bench, person)
    await bench.tell(person, missed(person, event="activity.attended"))
    assert await bench.total(person) == 625


async def test_exempt_all_quarter_nobody_is_judged_in_it(bench: Bench) -> None:
    person = await bench.member()
    exemption = await granted(bench, person, **QUARTER)
    assert await bench.total(person) is None
    assert slug(await bench.appraise(person)) == (422, "out-of-scope")
    await ask(bench, exemption, "withdrawal")
    assert await bench.total(person) == 600


async def test_an_absence_on_an_exempt_day_proposes_nothing(bench: Bench) -> None:
    person = await bench.member()
    await granted(bench, person)
    await bench.tell(person, missed(person))
    assert await bench.judgements() == []


async def test_on_an_exempt_day_nothing_is_proposed_or_confirmed(bench: Bench) -> None:
    person = await bench.member()
    judgement = (await bench.deduct(person, day=date(2022, 2, 9))).json()["id"]
    exemption = await granted(bench, person)
    assert slug(await bench.deduct(person)) == (422, "exempt-day")
    assert (await bench.appraise(person)).status_code == 201
    await ask(bench, exemption, "withdrawal")
    assert (await bench.act(judgement)).status_code == 201


async def test_ended_earlier_it_no_longer_covers_what_came_after(bench: Bench) -> None:
    person = await bench.member()
    await bench.confirmed(await bench.deduct(person))
    exemption = await granted(bench, person, since="2022-03-01")
    open_ended = await bench.total(person)
    assert (await ask(bench, exemption, "ending", until=MARCH.isoformat())).status_code == 201
    assert (open_ended, await bench.total(person)) == (600, 580)


async def test_what_is_told_carries_the_days_and_who_tells_the_person(bench: Bench) -> None:
    person = await bench.member(bench.south)
    exemption = await granted(bench, person, since="2022-03-01")
    await ask(bench, exemption, "ending", until="2022-03-20")
    await ask(bench, exemption, "withdrawal")
    told = await bench.told()
    assert [(event["type"], event["subject"], event["aggregateversion"]) for event in told] == [
        ("exemption.granted.v1", f"{person}/{exemption}", 1),
        ("exemption.ended.v1", f"{person}/{exemption}", 2),
        ("exemption.withdrawn.v1", f"{person}/{exemption}", 3),
    ]
    data = {"person": person, "since": "2022-03-01", "tell": bench.south}
    assert [event["data"] for event in told] == [
        {**data, "until": None, "state": "granted"},
        {**data, "until": "2022-03-20", "state": "granted"},
        {**data, "until": "2022-03-20", "state": "withdrawn"},
    ]


async def test_the_decision_reaches_no_topic(bench: Bench) -> None:
    exemption = await granted(bench, await bench.member())
    rows = await bench.county.rows("SELECT value FROM journal WHERE county = :county")
    assert [row for row in rows if DECISION in orjson.dumps(orjson.loads(row.value)).decode()] == []
    assert (await bench.desk.get(f"/exemptions/{exemption}")).json()["decision"] == DECISION


async def test_what_was_granted_to_an_entry_that_ended_holds_for_the_one_that_goes_on(bench: Bench) -> None:
    ended, goes_on = await bench.member(), await bench.member()
    await bench.confirmed(await bench.deduct(goes_on))
    exemption = await granted(bench, ended)
    await bench.merge(ended, goes_on)
    assert await bench.total(goes_on) == 600
    await ask(bench, exemption, "withdrawal")
    assert await bench.total(goes_on) == 580


@pytest.mark.parametrize(
    ("changed", "status", "refusal"),
    [
        ({"until": "2022-03-01"}, 422, "days-reversed"),
        ({"until": "2022-02-01"}, 422, "days-reversed"),
        ({"decision": " "}, 422, "invalid-input"),
        ({"decision": "有\x00"}, 422, "invalid-input"),
        ({"person": new_id()}, 409, "not-known-yet"),
    ],
)
async def test_what_cannot_be_granted(bench: Bench, changed: dict[str, str], status: int, refusal: str) -> None:
    body = {"person": await bench.member(), "decision": DECISION, **SPRING, **changed}
    before = await bench.everything()
    assert slug(await bench.desk.post("/exemptions", body)) == (status, refusal)
    assert await bench.everything() == before


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [("2022-02-01", "2022-03-01", 201), ("2022-04-01", None, 201), ("2022-02-01", "2022-03-02", 409),
     ("2022-03-31", None, 409), ("2022-01-01", None, 409)],
)  # fmt: skip
async def test_two_exemptions_do_not_overlap(bench: Bench, since: str, until: str | None, status: int) -> None:
    person = await bench.member()
    await granted(bench, person)
    body = {"person": person, "decision": DECISION, "since": since, "until": until}
    answer = await bench.desk.post("/exemptions", body)
    assert answer.status_code == status
    if status == 409:
        assert "日期重叠" in answer.json()["detail"]


async def test_what_cannot_be_changed(bench: Bench) -> None:
    exemption = await granted(bench, await bench.member())
    same = await ask(bench, exemption, "ending", until="2022-04-01")
    reversed_ = await ask(bench, exemption, "ending", until="2022-03-01")
    await ask(bench, exemption, "withdrawal")
    before = await bench.everything()
    again = [await ask(bench, exemption, "withdrawal"), await ask(bench, exemption, "ending", until="2022-03-20")]
    assert await bench.everything() == before
    assert (slug(same), slug(reversed_)) == ((409, "nothing-to-change"), (422, "days-reversed"))
    assert [slug(answer) for answer in again] == [(409, "exemption-withdrawn")] * 2
    assert again[0].json()["detail"] == "这项免予考核已经撤回，不能再次撤回。"


async def test_who_sees_which(bench: Bench) -> None:
    here, there = await bench.member(bench.north), await bench.member(bench.south)
    made = sorted([await granted(bench, each) for each in (here, there)])
    mine = [row["id"] for row in (await bench.desk.get("/exemptions", person=here)).json()["items"]]

    async def ids(role: str, **more: object) -> list[str]:
        client = bench.county.client(role, **more)  # type: ignore[arg-type]
        return [row["id"] for row in (await client.get("/exemptions")).json()["items"]]

    assert [await ids(role) for role in ("county_admin", "desk", "auditor")] == [made] * 3
    assert await ids("recorder", organisations=[bench.north]) == await ids("member", person=here) == mine
    (other,) = {*made} - {*mine}
    member = bench.county.client("member", person=here)
    assert slug(await member.get(f"/exemptions/{other}")) == (404, "exemption-not-found")


@pytest.mark.parametrize("role", ["recorder", "member", "auditor", "mediator", "operator"])
async def test_only_the_office_grants(bench: Bench, role: str) -> None:
    person = await bench.member()
    client = bench.county.client(role, organisations=[bench.bureau], person=person)
    body = {"person": person, "decision": DECISION, **SPRING}
    assert slug(await client.post("/exemptions", body)) == (403, "forbidden")
    exemption = await granted(bench, person)
    for what, change in (("ending", {"until": "2022-03-20"}), ("withdrawal", {})):
        assert slug(await ask(bench, exemption, what, client, **change)) == (403, "forbidden")


async def test_the_list_goes_page_by_page(bench: Bench) -> None:
    made = [await granted(bench, await bench.member()) for _ in range(3)]
    page = (await bench.desk.get("/exemptions", limit=2)).json()
    rest = (await bench.desk.get("/exemptions", limit=2, cursor=page["next"])).json()
    assert [row["id"] for row in page["items"] + rest["items"]] == sorted(made)
