"""Points over HTTP: totals, reasons, branches, the county."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
import pytest_asyncio
from sqlalchemy import text

from contracts import topics
from scoring import consumers
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from scoring.rulebooks.domain import Shape
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id, news
from services.scoring.histories import DOCUMENT

LONG_AGO = date(2020, 1, 1)


@dataclass
class Town:
    """Two branches under one bureau, and 2022Q1 open under the example book."""

    county: County
    bureau: str
    north: OrganisationId
    south: OrganisationId

    async def member(self, *homes: Membership, code: str = "A") -> PersonId:
        person = PersonId(new_id())
        home = homes or (Membership(self.north, home=True, since=LONG_AGO, until=None),)
        life = Life(1, (Held(code, LONG_AGO),))
        await self.tell(person, life, Belonging(1, home))
        return person

    async def attends(self, person: PersonId, kind: str, *days: date) -> list[Fact]:
        facts = [
            Fact(person, f"{new_id()}/{person}", 1, Shape("activity.attended", kind, None, "assembled"), day)
            for day in days
        ]
        await self.tell(person, *facts)
        return facts

    async def tell(self, person: PersonId, *told: Life | Belonging | Fact) -> None:
        await self.county.apply([news(self.county.id, person, each) for each in told])


@pytest_asyncio.fixture
async def town(county: County) -> AsyncIterator[Town]:
    bureau, north, south = new_id(), OrganisationId(new_id()), OrganisationId(new_id())
    events = [
        envelopes.organisation_event(county.id, bureau),
        *(envelopes.organisation_event(county.id, branch, bureau) for branch in (north, south)),
    ]
    await county.apply([envelopes.read(topics.ORGANISATION, event) for event in events])
    await county.open("2022Q1", await county.adopt(DOCUMENT))
    yield Town(county, bureau, north, south)


async def test_a_capped_total_explains_itself_line_by_line(town: Town) -> None:
    person = await town.member()
    await town.attends(person, "study", *(date(2022, 1, day) for day in (5, 6, 7)))
    await town.attends(person, "lesson", date(2022, 2, 3))
    why = (await town.county.client().get(f"/people/{person}/explanation", period="2022Q1")).json()
    assert (why["base_tenths"], why["total_tenths"], why["arithmetic"]) == (600, 665, "60 + 6.5 + 0 = 66.5")
    learning = why["aspects"][0]
    assert (learning["points_tenths"], learning["arithmetic"]) == (65, "4 + 2.5 = 6.5")
    study = learning["items"][0]
    assert (study["arithmetic"], study["months"][0]["arithmetic"]) == ("4", "3 × 2 = 6, 封顶 4")
    assert [line["arithmetic"] for line in why["lines"]] == [
        "基础分 60",
        *["集中学习 1 × 2 = 2"] * 3,
        "党课 1 × 2.5 = 2.5",
    ]
    assert sum(line["value_tenths"] for line in why["lines"]) == 600 + 60 + 25


async def test_every_line_shows_its_fact_and_the_total_is_what_the_list_says(town: Town) -> None:
    person = await town.member()
    (fact,) = await town.attends(person, "lesson", date(2022, 2, 3))
    desk = town.county.client()
    why = (await desk.get(f"/people/{person}/explanation", period="2022Q1")).json()
    assert why["lines"][1]["fact"] == {
        "subject": fact.subject, "version": 1, "event": "activity.attended", "kind": "lesson", "theme": None,
        "mode": "assembled", "grade": None, "tenth_hours": 0, "day": "2022-02-03", "withdrawn": False,
    }  # fmt: skip
    total = (await desk.get(f"/people/{person}/total")).json()["totals"][0]
    assert total["total_tenths"] == why["total_tenths"] == 625


async def test_a_correction_shows_the_line_and_what_took_it_back(town: Town) -> None:
    person = await town.member()
    (fact,) = await town.attends(person, "lesson", date(2022, 2, 3))
    await town.tell(person, Fact(person, fact.subject, 2, fact.shape, fact.day, withdrawn=True))
    why = (await town.county.client().get(f"/people/{person}/explanation", period="2022Q1")).json()
    _, written, reversal = why["lines"]
    assert (written["reversed_by"], reversal["reverses"]) == (reversal["line"], written["line"])
    assert (reversal["arithmetic"], reversal["value_tenths"]) == ("冲销：党课 1 × 2.5 = 2.5", -25)
    assert (why["total_tenths"], [fact["withdrawn"] for fact in why["unscored"]]) == (600, [True])


async def test_a_fact_corrected_into_another_quarter_is_still_told_with_its_lines(town: Town) -> None:
    await town.county.open("2022Q2", (await town.county.client().get("/books")).json()["items"][0]["id"])
    person = await town.member()
    (fact,) = await town.attends(person, "lesson", date(2022, 3, 31))
    await town.tell(person, Fact(person, fact.subject, 2, fact.shape, date(2022, 4, 1)))
    path, desk = f"/people/{person}/explanation", town.county.client()
    first, second = [(await desk.get(path, period=period)).json() for period in ("2022Q1", "2022Q2")]
    told = [
        (line["fact"]["subject"], line["fact"]["day"]) for line in (first["lines"] + second["lines"]) if line["fact"]
    ]
    assert told == [(fact.subject, "2022-04-01")] * 3
    assert [line["item"] for line in first["lines"]] == ["base", "lesson", "lesson"]
    assert (first["unscored"], second["unscored"]) == ([], [])


async def test_an_explanation_adds_up_though_a_batch_commits_while_it_is_read(town: Town) -> None:
    person = await town.member()
    fact = Fact(person, f"{new_id()}/{person}", 1, Shape("activity.attended", "lesson", None, "assembled"), LONG_AGO)
    told = news(town.county.id, person, replace(fact, day=date(2022, 2, 3)))
    async with town.county.batch() as work:
        await consumers.apply(work, [told])
        await work.session.execute(text("LOCK TABLE lines IN ACCESS EXCLUSIVE MODE"))
        asked = asyncio.create_task(town.county.client().get(f"/people/{person}/explanation", period="2022Q1"))
        await until_somebody_waits_for_lines(town.county)
    why = (await asked).json()
    assert sum(line["value_tenths"] for line in why["lines"]) == why["total_tenths"] == 600


async def until_somebody_waits_for_lines(county: County) -> None:
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = CAST('lines' AS regclass)"
    async with asyncio.timeout(20):
        while not await county.rows(waiting):
            pass


async def test_a_fact_that_earns_nothing_is_shown_as_such(town: Town) -> None:
    person = await town.member()
    await town.attends(person, "opera", date(2022, 2, 3))
    why = (await town.county.client().get(f"/people/{person}/explanation", period="2022Q1")).json()
    assert [fact["kind"] for fact in why["unscored"]] == ["opera"]


@pytest.mark.parametrize(
    ("period", "slug"), [("2022Q2", "period-not-found"), ("2022Q1", "not-in-scope")]
)  # fmt: skip
async def test_where_there_is_nothing_to_explain_it_says_why(town: Town, period: str, slug: str) -> None:
    person = await town.member(code="X")
    answer = await town.county.client().get(f"/people/{person}/explanation", period=period)
    assert (answer.status_code, answer.json()["type"]) == (404, f"/problems/{slug}")


async def test_an_unknown_person_is_not_found(town: Town) -> None:
    answer = await town.county.client().get(f"/people/{new_id()}/total")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/account-not-found")


async def test_a_branch_has_the_sum_of_those_at_home_in_it_on_the_day(town: Town) -> None:
    await town.member()
    moved = await town.member(
        Membership(town.north, home=True, since=LONG_AGO, until=date(2022, 3, 1)),
        Membership(town.south, home=True, since=date(2022, 3, 1), until=None),
    )
    await town.attends(moved, "lesson", date(2022, 2, 3))
    desk = town.county.client()

    async def totals(**query: str) -> dict[str, tuple[int, int]]:
        rows = (await desk.get("/branches", period="2022Q1", **query)).json()["items"]
        return {row["organisation"]: (row["people"], row["total_tenths"]) for row in rows}

    nobody = {town.bureau: (0, 0)}
    assert await totals(as_of="2022-02-28") == nobody | {town.north: (2, 1225), town.south: (0, 0)}
    assert await totals() == nobody | {town.north: (1, 600), town.south: (1, 625)}
    assert (await desk.get("/county/total", period="2022Q1")).json() == {
        "period": "2022Q1",
        "people": 2,
        "total_tenths": 1225,
        "true_people": 2,
        "true_tenths": 1225,
    }


async def test_the_day_is_the_last_of_the_period_or_today_if_that_is_earlier(town: Town) -> None:
    book = (await town.county.client().get("/books")).json()["items"][0]["id"]
    town.county.now = datetime(2098, 12, 1, 4, tzinfo=UTC)
    await town.county.open("2098Q4", book)
    days = [
        (await town.county.client().get("/branches", period=period)).json()["as_of"] for period in ("2022Q1", "2098Q4")
    ]
    assert days[0] == "2022-03-31"
    assert days[1] < "2098-01-01"


async def test_members_come_in_the_order_of_their_ids_and_page_by_page(town: Town) -> None:
    people = [await town.member() for _ in range(3)]
    await town.attends(people[2], "lesson", date(2022, 2, 3))
    desk, path = town.county.client(), f"/branches/{town.north}/people"
    page = (await desk.get(path, period="2022Q1", limit=2)).json()
    rest = (await desk.get(path, period="2022Q1", limit=2, cursor=page["next"])).json()
    assert [row["person"] for row in page["items"] + rest["items"]] == sorted(people)
    assert rest["items"][0]["total_tenths"] == 625


async def test_a_recorder_sees_what_lies_in_or_below_their_organisations(town: Town) -> None:
    there = await town.member(Membership(town.south, home=True, since=LONG_AGO, until=None))
    north, both = (town.county.client("recorder", organisations=[org]) for org in (town.north, town.bureau))
    seen = [
        [row["organisation"] for row in (await recorder.get("/branches", period="2022Q1")).json()["items"]]
        for recorder in (north, both)
    ]
    assert seen == [[town.north], sorted([town.bureau, town.north, town.south])]
    path = f"/branches/{town.south}/people"
    assert [(await r.get(path, period="2022Q1")).status_code for r in (north, both)] == [403, 200]
    assert [(await r.get(f"/people/{there}/total")).status_code for r in (north, both)] == [403, 200]


async def test_a_recorder_sees_by_todays_tree_whatever_day_the_figures_are_of(town: Town) -> None:
    other = new_id()
    moved = envelopes.organisation_event(town.county.id, town.south, town.bureau, 2, later=[(other, "2022-06-01")])
    await town.county.apply([envelopes.read(topics.ORGANISATION, moved)])
    old, new = (town.county.client("recorder", organisations=[org]) for org in (town.bureau, other))
    for day in ("2022-03-31", "2022-07-01"):
        listed = [
            [row["organisation"] for row in (await r.get("/branches", period="2022Q1", as_of=day)).json()["items"]]
            for r in (old, new)
        ]
        assert listed == [sorted([town.bureau, town.north]), [town.south]]
        path = f"/branches/{town.south}/people"
        answers = [await r.get(path, period="2022Q1", as_of=day) for r in (old, new)]
        assert [answer.status_code for answer in answers] == [403, 200]


async def test_a_member_sees_their_own_points_only(town: Town) -> None:
    me, other = await town.member(), await town.member()
    client = town.county.client("member", person=me)
    assert [(await client.get(f"/people/{person}/total")).status_code for person in (me, other)] == [200, 403]
    for path in ("/branches", f"/branches/{town.north}/people", "/county/total"):
        assert (await client.get(path, period="2022Q1")).status_code == 403


async def test_another_county_sees_nothing_of_it(town: Town) -> None:
    person = await town.member()
    stranger = town.county.client("county_admin", of=new_id())
    answers = [
        await stranger.get(f"/people/{person}/total"),
        await stranger.get(f"/people/{person}/explanation", period="2022Q1"),
        await stranger.get("/branches", period="2022Q1"),
        await stranger.get(f"/branches/{town.north}/people", period="2022Q1"),
        await stranger.get("/county/total", period="2022Q1"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5


async def test_an_operator_sees_no_points(town: Town) -> None:
    paths = (f"/people/{new_id()}/total", "/branches", f"/branches/{town.north}/people", "/county/total", "/books")
    answers = [await town.county.client("operator").get(path, period="2022Q1") for path in paths]
    assert [answer.status_code for answer in answers] == [403] * 5


@pytest.mark.parametrize("role", ["archivist", "mediator"])
async def test_a_role_that_nothing_is_granted_to_is_forbidden(town: Town, role: str) -> None:
    paths = (f"/people/{new_id()}/total", "/branches", f"/branches/{town.north}/people", "/county/total", "/books")
    client = town.county.client(role)
    answers = [await client.get(path, period="2022Q1") for path in (*paths, "/periods")]
    answers.append(await client.post("/books", DOCUMENT))
    answers.append(await client.post("/periods", {"period": "2022Q2", "book": new_id()}))
    assert [answer.status_code for answer in answers] == [403] * 8


async def test_nobody_without_a_token_sees_anything(town: Town) -> None:
    assert (await town.county.client("desk").http.get("/books", headers={"Authorization": ""})).status_code == 401
