"""Two entries of one person on real PostgreSQL: whatever comes for the one that ended is the other one's."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest

from bus.errors import RetryLater
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.merging import canonical
from scoring.ledger.domain.standing import Belonging, Exemption, Held, Life, Membership
from scoring.ledger.repository import LedgerRepository
from scoring.rulebooks.domain import Shape
from services.scoring.counties import County
from services.scoring.envelopes import new_id, news
from services.scoring.histories import Arrival
from services.scoring.sheets import DOCUMENT

COUNTY = "county"
HOME = Belonging(1, (Membership(OrganisationId(new_id()), home=True, since=date(2020, 1, 1), until=None),))
LIFE = Life(1, (Held("A", date(2020, 1, 1)),))


def merged(into: PersonId, version: int = 2) -> Life:
    return replace(LIFE, version=version, merged_into=into)


def lesson(person: PersonId, activity: str, event: str = "activity.attended") -> Fact:
    shape = Shape(event, "lesson", None, "assembled")
    return Fact(person, f"{activity}/{person}", 1, shape, date(2022, 2, 3), occurrence=activity)


class Town:
    """Three entries, each with a home and a class, in one open quarter."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.people = [PersonId(new_id()) for _ in range(3)]

    async def settle(self) -> None:
        await self.county.open("2022Q1", await self.county.adopt(DOCUMENT))
        for person in self.people:
            await self.tell(person, LIFE, HOME)

    async def tell(self, person: PersonId, *told: Life | Belonging | Fact) -> None:
        await self.county.apply([news(self.county.id, person, each) for each in told])

    async def totals(self) -> list[int | None]:
        """What each of them has in the quarter; None: not in scope."""
        rows = await self.county.rows("SELECT person, total_tenths FROM cells WHERE county = :county AND in_scope")
        held = {row.person: row.total_tenths for row in rows}
        return [held.get(person) for person in self.people]


@pytest.fixture
def activity() -> str:
    return new_id()


async def test_two_entries_at_one_activity_are_one_attendance(county: County, activity: str) -> None:
    town = Town(county)
    await town.settle()
    first, second, _ = town.people
    await town.tell(first, lesson(first, activity), lesson(first, new_id()))
    await town.tell(second, lesson(second, activity), lesson(second, new_id()))
    await town.tell(second, merged(first))
    assert await town.totals() == [600 + 3 * 25, None, 600]


async def test_what_comes_later_for_the_entry_that_ended_is_the_other_ones(county: County, activity: str) -> None:
    town = Town(county)
    await town.settle()
    first, second, _ = town.people
    await town.tell(second, merged(first))
    fact = lesson(second, activity)
    await town.tell(second, fact)
    assert await town.totals() == [625, None, 600]
    await town.tell(second, replace(fact, version=2, withdrawn=True))
    assert await town.totals() == [600, None, 600]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
async def test_a_chain_ends_at_its_last_entry_whichever_link_comes_first(
    county: County, activity: str, order: tuple[int, int]
) -> None:
    town = Town(county)
    await town.settle()
    last = town.people[2]
    await town.tell(last, lesson(last, activity))
    for number in order:
        await town.tell(town.people[number], merged(town.people[number - 1]))
    await town.tell(last, lesson(last, new_id()))
    assert await town.totals() == [650, None, None]


async def test_an_exemption_of_either_entry_protects_the_person(county: County) -> None:
    town = Town(county)
    await town.settle()
    first, second, _ = town.people
    whole = Exemption(new_id(), 1, date(2022, 1, 1), None)
    await county.decide([Arrival(second, whole)])
    await town.tell(second, merged(first))
    assert await town.totals() == [None, None, 600]
    await county.decide([Arrival(second, replace(whole, version=2, withdrawn=True))])
    assert await town.totals() == [600, None, 600]


async def test_a_merge_that_comes_between_looking_and_locking_is_looked_at_again(
    county: County, activity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(county)
    await town.settle()
    first, second, third = town.people
    await town.tell(third, merged(second))

    look, looked = LedgerRepository.merged, list[Any]()

    async def look_slowly(self: LedgerRepository, keys: Any) -> Any:
        found = await look(self, keys)
        if not looked:
            looked.append(keys)
            await town.tell(second, merged(first))
        return found

    monkeypatch.setattr(LedgerRepository, "merged", look_slowly)
    with pytest.raises(RetryLater):
        await town.tell(third, lesson(third, activity))
    monkeypatch.undo()
    await town.tell(third, lesson(third, activity))
    assert await town.totals() == [625, None, None]


async def test_entries_merged_crosswise_with_news_of_both_do_not_wait_in_a_ring(county: County) -> None:
    for _ in range(5):
        town = Town(county)
        await asyncio.gather(*(town.tell(person, LIFE, HOME) for person in town.people))
        first, second, third = town.people
        await asyncio.gather(
            patiently(town.tell, third, merged(first), lesson(third, new_id())),
            patiently(town.tell, third, lesson(third, new_id())),
            patiently(county.apply, [news(county.id, each, lesson(each, new_id())) for each in (second, first, third)]),
            patiently(town.tell, second, merged(third)),
        )


async def patiently(step: Callable[..., Awaitable[None]], *given: Any) -> None:
    """As the runner does: a merge in between is no fault, a dead lock would be one."""
    while True:
        with contextlib.suppress(RetryLater):
            return await step(*given)


async def test_the_entry_that_ended_is_told_of_once_more_without_totals(county: County) -> None:
    town = Town(county)
    await town.settle()
    first, second, _ = town.people
    await town.tell(second, merged(first))
    rows = await county.rows(
        "SELECT value FROM journal WHERE county = :county AND topic = 'scoring.points' AND subject = :person"
        " ORDER BY id",
        person=second,
    )
    last = orjson.loads(rows[-1].value)["data"]
    assert (last["totals"], [line["value_tenths"] for line in last["lines"]]) == ([], [-600])


def test_out_of_a_ring_comes_its_smallest_entry_wherever_one_enters() -> None:
    ring: Any = {(COUNTY, "b"): "c", (COUNTY, "c"): "a", (COUNTY, "a"): "b", (COUNTY, "z"): "c"}
    assert {canonical(key, ring) for key in ring} == {(COUNTY, "a")}
