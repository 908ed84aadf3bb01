"""Chains end with the calendar year: what moves in one is told anew there, and nothing of the others is added up."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scoring.ids import OrganisationId, PersonId, Quarter
from scoring.ledger.domain import cells
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from scoring.rulebooks.domain import Shape
from services.scoring.histories import Arrival, Closing, Opening
from services.scoring.ledger.memory import Memory, assert_books_balance, assert_recounted
from services.scoring.sheets import FULL, SMALL, Row

ME = PersonId("me")
LONG_AGO = date(2020, 1, 1)
HOME = Membership(OrganisationId("home"), home=True, since=LONG_AGO, until=None)
QUARTERS = ("2021Q4", "2022Q1", "2022Q2")
CHAINED: Row = {**FULL, "carry_over_percent": 50}


def study(subject: str, day: date) -> Fact:
    return Fact(ME, f"{subject}/me", 1, Shape("activity.attended", "study", None, "assembled"), day)


def county(old: Row, new: Row) -> Memory:
    """The year before is closed, this one is open."""
    memory = Memory({each: old if each.startswith("2021") else new for each in QUARTERS})
    memory.play(Opening(each) for each in QUARTERS)
    in_scope = [Arrival(ME, Life(1, (Held("A", LONG_AGO),))), Arrival(ME, Belonging(1, (HOME,)))]
    memory.play([in_scope, [Arrival(ME, study("before", date(2021, 11, 2)))], Closing("2021Q4")])
    return memory


@pytest.fixture
def added_up(monkeypatch: pytest.MonkeyPatch) -> list[set[Quarter]]:
    """Which cells were added up, each time."""
    seen, own_totals = list[set[Quarter]](), cells.own_totals

    def noting(held: Any, *rest: Any) -> Any:
        seen.append(set(held))
        return own_totals(held, *rest)

    monkeypatch.setattr(cells, "own_totals", noting)
    return seen


@pytest.mark.parametrize(
    ("old", "new", "day", "expected"),
    [
        (CHAINED, CHAINED, date(2022, 2, 2), {"2022Q1", "2022Q2"}),
        (CHAINED, CHAINED, date(2021, 11, 9), {*QUARTERS}),
        (CHAINED, SMALL, date(2022, 2, 2), {"2022Q1"}),
        (SMALL, CHAINED, date(2022, 2, 2), {"2022Q1", "2022Q2"}),
    ],
)
def test_only_the_years_that_a_fact_can_move_are_added_up(
    old: Row, new: Row, day: date, expected: set[str], added_up: list[set[Quarter]]
) -> None:
    memory = county(old, new)
    added_up.clear()
    memory.play([[Arrival(ME, study("then", day))]])
    assert added_up == [expected]
    assert_recounted(memory)
    assert_books_balance(memory)


def test_what_was_true_of_the_year_before_is_still_told_and_settled() -> None:
    memory = county(CHAINED, CHAINED)
    memory.play([[Arrival(ME, study("late", date(2021, 11, 9)))], [Arrival(ME, study("now", date(2022, 2, 2)))]])
    memory.play([[Arrival(ME, replace(study("now", date(2022, 2, 2)), version=2, withdrawn=True))]])
    published = memory.accounts[ME].published
    assert published.trues.keys() == {"2021Q4"}
    assert published.totals[0].adjustments == {"2021Q4": 20}
    assert_recounted(memory)
    assert_books_balance(memory)
