"""What a person is told of quarters that are closed."""

from datetime import date

from scoring.ids import PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Held, Life
from scoring.rulebooks.domain import Shape
from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.histories import Arrival
from services.scoring.quarters import JULY, LONG_AGO, Quarters
from services.scoring.sheets import DOCUMENT


async def test_a_total_shows_what_was_published_what_is_true_and_where_it_is_made_good(county: County) -> None:
    quarters = Quarters(county)
    await quarters.settle("2022Q1", "2022Q2")
    person = quarters.people[0]
    await quarters.close("2022Q1")
    await quarters.lesson(person, date(2022, 2, 3))
    told = (await county.client("desk").get(f"/people/{person}/total")).json()
    assert told["closed"] == [
        {
            "period": "2022Q1",
            "state": "closed",
            "published_tenths": 600,
            "true_tenths": 625,
            "adjustments": {},
            "grade": "fair",
        }
    ]
    (open_,) = told["totals"]
    assert (open_["period"], open_["adjustments"], open_["total_tenths"]) == ("2022Q2", {"2022Q1": 25}, 625)


async def test_one_quarter_is_shown_alone(county: County) -> None:
    quarters = Quarters(county)
    await quarters.settle("2022Q1", "2022Q2")
    await quarters.close("2022Q1")
    desk = county.client("desk")
    first = (await desk.get(f"/people/{quarters.people[0]}/total", period="2022Q1")).json()
    second = (await desk.get(f"/people/{quarters.people[0]}/total", period="2022Q2")).json()
    assert ([each["period"] for each in first["closed"]], first["totals"]) == (["2022Q1"], [])
    assert (second["closed"], [each["period"] for each in second["totals"]]) == ([], ["2022Q2"])


async def test_lists_of_a_closed_quarter_say_what_was_published_whatever_came_late(county: County) -> None:
    quarters = Quarters(county)
    await quarters.settle("2022Q1", "2022Q2")
    (branch, _), person = quarters.branches, quarters.people[0]
    await quarters.close("2022Q1")
    await quarters.lesson(person, date(2022, 2, 3))
    desk = county.client("desk")
    for period, totals in (("2022Q1", (600, 600)), ("2022Q2", (625, 600))):
        people = (await desk.get(f"/branches/{branch}/people", period=period)).json()["items"]
        listed = (await desk.get("/branches", period=period)).json()["items"]
        county_wide = (await desk.get("/county/total", period=period)).json()
        assert [each["total_tenths"] for each in people] == [*totals]
        assert {each["organisation"]: each["total_tenths"] for each in listed}[branch] == sum(totals)
        assert (county_wide["people"], county_wide["total_tenths"]) == (3, sum(totals) + 600)


async def test_sums_of_a_closed_quarter_say_beside_it_what_they_come_to_by_now(county: County) -> None:
    quarters = Quarters(county)
    await quarters.settle("2022Q1", "2022Q2")
    (branch, _), (first, second, _) = quarters.branches, quarters.people
    await quarters.close("2022Q1")
    await quarters.lesson(first, date(2022, 2, 3))
    await quarters.tell(second, Life(2, (Held("Z", LONG_AGO),)))
    desk = county.client("desk")

    async def sums(period: str) -> list[tuple[int, ...]]:
        listed = (await desk.get("/branches", period=period)).json()["items"]
        county_wide = (await desk.get("/county/total", period=period)).json()
        rows = [*(each for each in listed if each["organisation"] == branch), county_wide]
        return [tuple(row[n] for n in ("people", "total_tenths", "true_people", "true_tenths")) for row in rows]

    assert await sums("2022Q1") == [(2, 1200, 1, 625), (3, 1800, 2, 1225)]
    assert await sums("2022Q2") == [(1, 625, 1, 625), (2, 1225, 2, 1225)]


async def test_an_entry_that_ended_in_a_merge_is_in_no_list_and_no_sum_of_a_closed_quarter(county: County) -> None:
    quarters = Quarters(county)
    await quarters.settle("2022Q1")
    (branch, _), (first, second, _) = quarters.branches, quarters.people
    await quarters.close("2022Q1")
    await quarters.merge(first, second)
    desk = county.client("desk")
    people = (await desk.get(f"/branches/{branch}/people", period="2022Q1")).json()["items"]
    listed = (await desk.get("/branches", period="2022Q1")).json()["items"]
    county_wide = (await desk.get("/county/total", period="2022Q1")).json()
    assert [(each["person"], each["total_tenths"]) for each in people] == [(second, 600)]
    assert [(each["people"], each["total_tenths"]) for each in listed if each["organisation"] == branch] == [(1, 600)]
    assert (county_wide["people"], county_wide["total_tenths"]) == (2, 1200)


async def test_an_explanation_shows_vetoes_deductions_and_what_is_made_good(county: County) -> None:
    quarters = Quarters(county)
    items = [
        {"code": "quarrel", "name": "邻里纠纷", "aspect": "contribution", "kind": "deduction", "value_tenths": -30},
        {"code": "offence", "name": "违法违纪", "kind": "veto"},
    ]
    await quarters.settle("2022Q1", "2022Q2", items=[*DOCUMENT["items"], *items])
    person = quarters.people[0]
    await quarters.close("2022Q1")
    await quarters.lesson(person, date(2022, 2, 3))
    await county.decide([Arrival(person, judged(person, item)) for item in ("quarrel", "offence")])
    why = (await county.client("member", person=person).get(f"/people/{person}/explanation", period="2022Q2")).json()
    assert why["arithmetic"] == "60 + 0 - 3 = 57, 一票否决, 计 0, 补2022Q1 +2.5, 合计 2.5"
    assert {line["item"]: line["value_tenths"] for line in why["lines"]} == {"base": 600, "quarrel": -30, "offence": 0}
    other = await county.client("member", person=quarters.people[1]).get(
        f"/people/{person}/explanation", period="2022Q2"
    )
    assert other.status_code == 403


async def test_a_published_quarter_of_somebody_who_left_it_since_is_explained_by_what_took_it_back(
    county: County,
) -> None:
    quarters = Quarters(county)
    await quarters.settle("2022Q1", "2022Q2")
    person = quarters.people[0]
    await quarters.lesson(person, date(2022, 2, 3))
    await quarters.close("2022Q1")
    await quarters.tell(person, Life(2, (Held("Z", LONG_AGO),)))
    desk = county.client("desk")
    (closed,) = (await desk.get(f"/people/{person}/total")).json()["closed"]
    why = (await desk.get(f"/people/{person}/explanation", period="2022Q1")).json()
    assert (
        (closed["published_tenths"], closed["true_tenths"])
        == (why["published_tenths"], why["total_tenths"])
        == (625, 0)
    )
    assert why["arithmetic"] == "此人现已不参加该季度积分, 计 0"
    assert sorted(line["value_tenths"] for line in why["lines"]) == [-600, -25, 25, 600]
    assert [fact["kind"] for fact in why["unscored"]] == ["lesson"]
    assert (why["base_tenths"], why["base_arithmetic"], why["aspects"], why["vetoed"]) == (0, "基础分 0", [], False)


async def test_what_was_settled_in_a_quarter_that_somebody_left_since_is_still_told(county: County) -> None:
    quarters = Quarters(county)
    await quarters.settle("2022Q1", "2022Q2")
    person = quarters.people[0]
    await quarters.close("2022Q1")
    await quarters.lesson(person, date(2022, 2, 3))
    await quarters.close("2022Q2", JULY)
    await quarters.tell(person, Life(2, (Held("Z", LONG_AGO),)))
    why = (await county.client("desk").get(f"/people/{person}/explanation", period="2022Q2")).json()
    assert (why["published_tenths"], why["adjustments"], why["total_tenths"]) == (600, {"2022Q1": 25}, 25)
    assert why["arithmetic"] == "此人现已不参加该季度积分, 计 0, 补2022Q1 +2.5, 合计 2.5"


async def test_lines_of_an_open_quarter_that_somebody_left_are_told_too(county: County) -> None:
    quarters = Quarters(county)
    await quarters.settle("2022Q1")
    person = quarters.people[0]
    await quarters.tell(person, Life(2, (Held("Z", LONG_AGO),)))
    why = (await county.client("desk").get(f"/people/{person}/explanation", period="2022Q1")).json()
    assert [line["value_tenths"] for line in why["lines"]] == [600, -600]
    assert (why["published_tenths"], why["total_tenths"]) == (None, 0)


def judged(person: PersonId, item: str) -> Fact:
    return Fact(person, f"{person}/{new_id()}", 1, Shape("deduction.confirmed", item, None, ""), date(2022, 5, 4))
