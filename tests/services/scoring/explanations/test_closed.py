"""What a person is told of quarters that are closed."""

from datetime import date

from services.scoring.counties import County
from services.scoring.quarters import Quarters


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
