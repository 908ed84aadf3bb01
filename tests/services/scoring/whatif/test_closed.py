"""A new book leaves what is closed as it is."""

from datetime import date
from typing import Any

from services.scoring.counties import County
from services.scoring.quarters import APRIL, BOOK, Quarters

TABLES = {
    "cells": "SELECT * FROM cells WHERE county = :county AND period = '2022Q1' ORDER BY person",
    "lines": "SELECT * FROM lines WHERE county = :county AND period = '2022Q1' ORDER BY id",
    "frozen": "SELECT person, frozen::text, trues::text FROM accounts WHERE county = :county ORDER BY 1",
    "period": "SELECT * FROM periods WHERE county = :county AND period = '2022Q1'",
}


async def kept(county: County) -> dict[str, list[Any]]:
    return {name: [tuple(row) for row in await county.rows(statement)] for name, statement in TABLES.items()}


async def test_adopting_and_binding_another_book_leaves_a_closed_quarter_byte_for_byte(county: County) -> None:
    quarters = Quarters(county)
    await quarters.settle("2022Q1")
    await quarters.lesson(quarters.people[0], date(2022, 2, 9))
    await quarters.close("2022Q1", APRIL)
    before = await kept(county)
    other = await county.adopt({**BOOK, "version": 2, "base_tenths": {"A": 900}, "starts_on": "2022-04-01"})
    await county.open("2022Q2", other)
    while await county.sweep():
        pass
    await quarters.lesson(quarters.people[1], date(2022, 5, 9))
    assert await kept(county) == before
    assert all(before.values())
