"""Somebody was entered twice: whichever of the two entries is asked for, the answer is of the one that goes on."""

from typing import Any

import pytest

from services.scoring.counties import County
from services.scoring.quarters import Quarters
from support.front import Client


async def merged(county: County) -> Quarters:
    """The first person's entry ended; the second's goes on."""
    quarters = Quarters(county)
    await quarters.settle("2022Q1")
    first, second, _ = quarters.people
    await quarters.merge(first, second)
    return quarters


async def seen(client: Client, person: str) -> list[Any]:
    answers = [
        await client.get(f"/people/{person}/total"),
        await client.get(f"/people/{person}/explanation", period="2022Q1"),
    ]
    return [(answer.status_code, answer.json().get("person")) for answer in answers]


@pytest.mark.parametrize("entry", [0, 1])
async def test_a_login_that_names_either_entry_sees_the_one_that_goes_on(county: County, entry: int) -> None:
    quarters = await merged(county)
    first, second, third = quarters.people
    me = county.client("member", person=quarters.people[entry])
    for asked in (first, second):
        assert await seen(me, asked) == [(200, second)] * 2
    assert await seen(me, third) == [(403, None)] * 2


@pytest.mark.parametrize("role", ["desk", "recorder"])
async def test_staff_find_the_entry_that_goes_on_under_either_id(county: County, role: str) -> None:
    quarters = await merged(county)
    first, second, _ = quarters.people
    staff = county.client(role, organisations=quarters.branches[:1])
    for asked in (first, second):
        assert await seen(staff, asked) == [(200, second)] * 2


async def test_a_login_of_an_ended_entry_opens_nobody_elses(county: County) -> None:
    quarters = await merged(county)
    first, second, third = quarters.people
    other = county.client("member", person=third)
    for asked in (first, second):
        assert await seen(other, asked) == [(403, None)] * 2


async def test_a_recorder_who_was_entered_twice_sees_the_own_points(county: County) -> None:
    quarters = await merged(county)
    first, second, _ = quarters.people
    recorder = county.client("recorder", person=first, organisations=quarters.branches[1:])
    assert await seen(recorder, second) == [(200, second)] * 2
