"""A year is evaluated over HTTP."""

from datetime import date

import pytest

from scoring.ids import PersonId
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.quarters import LONG_AGO, Quarters, refused

JANUARY, FEBRUARY = date(2023, 1, 4), date(2023, 2, 1)
PATH, BODY = "/years/2022/evaluation", {"published_on": "2023-02-01"}


@pytest.fixture
def quarters(county: County) -> Quarters:
    return Quarters(county)


async def final(quarters: Quarters, *codes: str) -> None:
    for code in codes:
        await quarters.close(code, JANUARY)
        await quarters.notice(code, JANUARY)
        await quarters.finalise(code, FEBRUARY)


async def evaluated(quarters: Quarters) -> None:
    """The third quarter brings the first person 2.5 points, and the last one as much for the third quarter, late."""
    await quarters.settle("2022Q3", "2022Q4")
    await quarters.lesson(quarters.people[0], date(2022, 8, 3))
    await final(quarters, "2022Q3")
    await quarters.lesson(quarters.people[0], date(2022, 8, 10))
    await final(quarters, "2022Q4")
    await quarters.on(FEBRUARY).made(PATH, BODY)


async def test_a_year_tells_how_many_came_to_each_grade(quarters: Quarters) -> None:
    await evaluated(quarters)
    (told,) = await quarters.told("scoring.year")
    assert (told["type"], told["subject"]) == ("year.evaluated.v1", f"{quarters.county.id}/2022")
    assert told["data"] == {
        "year": "2022",
        "people": 3,
        "grades": {"fair": 2, "good": 1},
        "published_on": "2023-02-01",
        "objections_until": "2023-02-08",
    }


async def test_each_branch_gets_a_notice_of_the_year(quarters: Quarters) -> None:
    await evaluated(quarters)
    first, second = [told["data"] for told in await quarters.told("scoring.notice") if told["data"]["period"] == "2022"]
    assert [each["total_tenths"] for each in first["people"]] == [625, 600]
    assert (first["branch"], second["branch"], first["objections_until"]) == (*quarters.branches, "2023-02-08")


async def test_the_year_shows_what_it_is_made_of_in_the_order_of_the_ids(quarters: Quarters) -> None:
    await evaluated(quarters)
    year = (await quarters.county.client("desk").get("/years/2022")).json()
    assert [(each["person"], each["total_tenths"], each["grade"]) for each in year["items"]] == [
        (quarters.people[0], 625, "good"),
        (quarters.people[1], 600, "fair"),
        (quarters.people[2], 600, "fair"),
    ]
    assert year["items"][0]["quarters"] == {"2022Q3": 650, "2022Q4": 600}
    assert (year["people"], year["grades"], year["window_days"]) == (3, {"fair": 2, "good": 1}, 5)


async def test_who_was_registered_or_merged_late_has_the_year_of_who_was_there_in_time(quarters: Quarters) -> None:
    await quarters.settle("2022Q3", "2022Q4")
    await final(quarters, "2022Q3")
    home = Membership(quarters.branches[1], home=True, since=LONG_AGO, until=None)
    late, goes_on = PersonId(new_id()), PersonId(new_id())
    for person in (late, goes_on):
        await quarters.tell(person, Life(1, (Held("A", LONG_AGO),)), Belonging(1, (home,)))
    await quarters.tell(quarters.people[2], Life(2, (Held("A", LONG_AGO),), merged_into=goes_on))
    await final(quarters, "2022Q4")
    await quarters.on(FEBRUARY).made(PATH, BODY)
    year = (await quarters.county.client("desk").get("/years/2022")).json()
    same = ({"2022Q3": 600, "2022Q4": 600}, 600, "fair")
    shown = {each["person"]: (each["quarters"], each["total_tenths"], each["grade"]) for each in year["items"]}
    assert shown == dict.fromkeys([*quarters.people[:2], late, goes_on], same)


async def test_a_recorder_sees_the_own_branches_and_a_member_the_own_year(quarters: Quarters) -> None:
    await evaluated(quarters)

    async def people(role: str, **of: object) -> list[str]:
        answer = await quarters.county.at(FEBRUARY, role, **of).get("/years/2022")
        return [each["person"] for each in answer.json()["items"]]

    assert await people("recorder", organisations=[quarters.branches[0]]) == quarters.people[:2]
    assert await people("member", person=quarters.people[1]) == [quarters.people[1]]
    assert (await quarters.county.client("mediator").get("/years/2022")).status_code == 403


async def test_the_home_branch_is_that_of_the_years_last_day(quarters: Quarters) -> None:
    await quarters.settle("2022Q4")
    left = Membership(quarters.branches[1], home=True, since=LONG_AGO, until=date(2022, 12, 31))
    joined = Membership(quarters.branches[0], home=True, since=date(2022, 12, 31), until=None)
    await quarters.tell(quarters.people[2], Belonging(2, (left, joined)))
    await final(quarters, "2022Q4")
    await quarters.on(FEBRUARY).made(PATH, BODY)
    year = (await quarters.county.client("desk").get("/years/2022")).json()
    assert {each["branch"] for each in year["items"]} == {quarters.branches[0]}


async def test_a_year_is_evaluated_once_all_its_quarters_are_final(quarters: Quarters) -> None:
    await quarters.settle("2022Q3")
    february = quarters.on(FEBRUARY)
    told = await refused(quarters, february, PATH, BODY)
    assert told == (409, "last-quarter-missing", "2022Q4尚未开启，2022年度还不能总评。")
    book = (await february.get("/periods")).json()["items"][0]["book"]
    await quarters.county.open("2022Q4", book)
    await quarters.county.sweep()
    told = await refused(quarters, february, PATH, BODY)
    assert told == (409, "not-all-final", "2022Q3、2022Q4尚未定案，2022年度还不能总评。")
    await final(quarters, "2022Q3", "2022Q4")
    await february.made(PATH, BODY)
    told = await refused(quarters, february, PATH, BODY)
    assert told == (409, "already-evaluated", "2022年度已经总评，不能再次总评。")


@pytest.mark.parametrize(
    ("published_on", "slug"),
    [("2022-12-31", "notice-inside-period"), ("2023-02-02", "notice-in-future")],
)
async def test_the_years_notices_are_dated_after_the_year_and_not_in_the_future(
    quarters: Quarters, published_on: str, slug: str
) -> None:
    await quarters.settle("2022Q4")
    await final(quarters, "2022Q4")
    told = await refused(quarters, quarters.on(FEBRUARY), PATH, {"published_on": published_on})
    assert told[:2] == (422, slug)


async def test_a_book_without_a_rule_for_the_year_evaluates_none(quarters: Quarters) -> None:
    await quarters.settle("2022Q4", year=None)
    await final(quarters, "2022Q4")
    told = await refused(quarters, quarters.on(FEBRUARY), PATH, BODY)
    assert told == (409, "no-year-rule", "2022Q4所用的《示例》没有年度总评的规定，不能总评。")


@pytest.mark.parametrize("role", ["desk", "recorder", "member", "mediator", "auditor", "operator"])
async def test_only_the_county_admin_evaluates(quarters: Quarters, role: str) -> None:
    assert (await quarters.county.client(role).post(PATH, BODY)).status_code == 403


async def test_a_year_that_was_not_evaluated_is_not_shown(quarters: Quarters) -> None:
    answer = await quarters.county.client("desk").get("/years/2022")
    assert (answer.status_code, answer.json()["detail"]) == (404, "2022年度尚未总评。")
