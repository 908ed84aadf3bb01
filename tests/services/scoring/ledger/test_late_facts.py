"""What is recorded late earns exactly what it would have earned in time, no more and no less."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from contracts import topics
from scoring.ids import PersonId
from scoring.ledger.domain.facts import Fact
from scoring.rulebooks.domain import Shape
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.quarters import APRIL, JULY, Quarters

BASE = 600
CAPPED = 50  # what study may bring in a quarter
LESSON = 25
WHEN = pytest.mark.parametrize("closed", [False, True], ids=["before the close", "after the close"])


@dataclass
class Late:
    """One person with the first two quarters open; `close` is called before or after the news come."""

    quarters: Quarters

    @property
    def person(self) -> PersonId:
        return self.quarters.people[0]

    async def tell(self, *facts: Fact) -> None:
        await self.quarters.tell(self.person, *facts)

    def fact(self, kind: str, day: date, version: int = 1) -> Fact:
        shape = Shape("activity.attended", kind, None, "assembled")
        return Fact(self.person, f"{new_id()}/{self.person}", version, shape, day)

    async def told(self) -> dict[str, Any]:
        events: list[dict[str, Any]] = [each["data"] for each in await self.quarters.told("scoring.points")]
        return [data for data in events if data["person"] == self.person][-1]

    async def figures(self) -> dict[str, tuple[int, Mapping[str, int]]]:
        """Every quarter's own sum, and what is settled in it."""
        told = await self.told()
        figures = {each["period"]: (each["published_tenths"], each["adjustments"]) for each in told.get("closed", [])}
        for each in told["totals"]:
            owed = each.get("adjustments", {})
            figures[each["period"]] = (each["total_tenths"] - sum(owed.values()), owed)
        return figures

    async def all_told(self) -> int:
        return sum(own + sum(owed.values()) for own, owed in (await self.figures()).values())


@pytest_asyncio.fixture
async def late(county: County) -> Late:
    made = Late(Quarters(county))
    await made.quarters.settle("2022Q1", "2022Q2", "2022Q3")
    return made


def sessions(late: Late, count: int) -> list[Fact]:
    return [late.fact("study", date(2022, 1, 4) + timedelta(days=6 * number)) for number in range(count)]


@pytest.mark.parametrize("in_time", [0, 1, 2, 3, 15])
async def test_recording_late_beats_no_cap_and_loses_nothing(late: Late, in_time: int) -> None:
    facts = sessions(late, 15)
    await late.tell(*facts[:in_time])
    await late.quarters.close("2022Q1", APRIL)
    await late.tell(*facts[in_time:])
    assert await late.all_told() == 3 * BASE + CAPPED


@WHEN
async def test_reversing_one_of_fifteen_capped_sessions_costs_nothing(late: Late, closed: bool) -> None:
    facts = sessions(late, 15)
    await late.tell(*facts)
    if closed:
        await late.quarters.close("2022Q1", APRIL)
    await late.tell(replace(facts[4], version=2, withdrawn=True))
    figures = await late.figures()
    assert figures["2022Q1"] == (BASE + CAPPED, {})
    assert figures["2022Q2"] == (BASE, {})


@WHEN
@pytest.mark.parametrize(
    ("recorded", "truly"), [(date(2022, 3, 31), date(2022, 4, 1)), (date(2022, 4, 1), date(2022, 3, 31))]
)
async def test_a_fact_that_crosses_the_close_counts_once_and_in_its_own_quarter(
    late: Late, recorded: date, truly: date, closed: bool
) -> None:
    fact = late.fact("lesson", recorded)
    await late.tell(fact)
    before = (await late.figures())["2022Q1"][0]
    if closed:
        await late.quarters.close("2022Q1", APRIL)
    await late.tell(replace(fact, version=2, day=truly))
    second = BASE + (LESSON if truly.month == 4 else 0)
    expected: dict[str, tuple[int, dict[str, int]]] = {
        "2022Q1": (2 * BASE + LESSON - second, {}),
        "2022Q2": (second, {}),
        "2022Q3": (BASE, {}),
    }
    if closed:
        expected |= {"2022Q1": (before, {}), "2022Q2": (second, {"2022Q1": expected["2022Q1"][0] - before})}
    assert await late.figures() == expected
    assert await late.all_told() == 3 * BASE + LESSON


@WHEN
async def test_a_clock_an_hour_wrong_at_the_quarters_end_is_put_right(late: Late, closed: bool) -> None:
    """The session began at 23:30 on the last day, and was recorded as 00:30."""
    fact = late.fact("lesson", date(2022, 3, 31))
    wrong, right = datetime(2022, 3, 31, 16, 30, tzinfo=UTC), datetime(2022, 3, 31, 15, 30, tzinfo=UTC)
    await apply_at(late, fact, wrong)
    assert (await late.figures())["2022Q2"] == (BASE + LESSON, {})
    if closed:
        await late.quarters.close("2022Q1", APRIL)
    await apply_at(late, replace(fact, version=2), right)
    figures = await late.figures()
    own, owed = (BASE, {"2022Q1": LESSON}) if closed else (BASE, {})
    assert figures["2022Q2"] == (own, owed)
    assert figures["2022Q1"] == (BASE if closed else BASE + LESSON, {})
    assert await late.all_told() == 3 * BASE + LESSON


async def test_what_a_close_has_settled_is_settled_for_good(late: Late) -> None:
    await late.quarters.close("2022Q1", APRIL)
    lesson = late.fact("lesson", date(2022, 2, 3))
    await late.tell(lesson)
    await late.quarters.close("2022Q2", JULY)
    closed = {"2022Q1": (BASE, {}), "2022Q2": (BASE, {"2022Q1": LESSON})}
    assert await late.figures() == closed | {"2022Q3": (BASE, {})}
    await late.tell(replace(lesson, version=2, withdrawn=True))
    assert await late.figures() == closed | {"2022Q3": (BASE, {"2022Q1": -LESSON})}


async def test_a_close_books_nothing_and_what_comes_late_is_booked_on_the_day_it_comes(late: Late) -> None:
    await late.tell(late.fact("lesson", date(2022, 2, 3)))
    booked = [(await late.told())["booked_tenths"]]
    await late.quarters.close("2022Q1", date(2022, 10, 8))
    booked.append((await late.told())["booked_tenths"])
    late.quarters.county.now = datetime(2022, 10, 9, 2, tzinfo=UTC)
    await late.tell(late.fact("lesson", date(2022, 3, 3)))
    booked.append((await late.told())["booked_tenths"])
    assert booked == [3 * BASE + LESSON, 0, LESSON]


async def apply_at(late: Late, fact: Fact, starts: datetime) -> None:
    """Tell of the fact as having begun at a moment."""
    county = late.quarters.county
    told = envelopes.participation_event(county.id, fact)
    data = {**told.data, "starts": _utc(starts), "ends": _utc(starts + timedelta(hours=1))}
    event = told.model_copy(update={"time": starts, "data": data})
    await county.apply([envelopes.read(topics.PARTICIPATION, event)])


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
