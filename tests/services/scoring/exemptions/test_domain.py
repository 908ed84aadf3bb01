"""An exemption's life: granted, given another end, withdrawn; and what the ledger may know of it."""

from dataclasses import replace
from datetime import date

import pytest

from scoring.exemptions import domain
from scoring.exemptions.domain import (
    AlreadyExempt,
    DaysReversed,
    Exemption,
    ExemptionId,
    ExemptionWithdrawn,
    NothingToChange,
    State,
)
from scoring.ids import PersonId

PERSON = PersonId("0190b5a0-0000-7000-8000-000000000001")
MARCH = Exemption(ExemptionId("a"), PERSON, date(2022, 3, 1), date(2022, 4, 1))
ENDLESS = replace(MARCH, id=ExemptionId("b"), until=None)


@pytest.mark.parametrize("until", [date(2022, 3, 1), date(2022, 2, 28)])
def test_it_holds_for_a_day_at_least(until: date) -> None:
    with pytest.raises(DaysReversed):
        domain.grant(replace(MARCH, until=until), [])
    with pytest.raises(DaysReversed):
        domain.end(MARCH, until, [MARCH])


@pytest.mark.parametrize(
    ("since", "until", "meets"),
    [
        (date(2022, 2, 1), date(2022, 3, 1), False),
        (date(2022, 2, 1), date(2022, 3, 2), True),
        (date(2022, 3, 31), None, True),
        (date(2022, 4, 1), None, False),
    ],
)
def test_two_meet_if_some_day_is_in_both(since: date, until: date | None, meets: bool) -> None:
    other = Exemption(ExemptionId("c"), PERSON, since, until)
    assert MARCH.meets(other) is other.meets(MARCH) is meets
    if meets:
        with pytest.raises(AlreadyExempt):
            domain.grant(other, [MARCH])
    else:
        assert domain.grant(other, [MARCH]) == other


def test_what_was_withdrawn_is_in_nobodys_way() -> None:
    assert domain.grant(ENDLESS, [domain.withdraw(MARCH)]) == ENDLESS


def test_another_end_is_the_next_version() -> None:
    ended = domain.end(ENDLESS, date(2022, 4, 1), [ENDLESS])
    assert (ended.until, ended.version, ended.state) == (date(2022, 4, 1), 2, State.GRANTED)


def test_the_same_end_is_no_change() -> None:
    with pytest.raises(NothingToChange):
        domain.end(MARCH, date(2022, 4, 1), [MARCH])


def test_what_was_withdrawn_is_neither_ended_nor_withdrawn_again() -> None:
    withdrawn = domain.withdraw(MARCH)
    with pytest.raises(ExemptionWithdrawn, match="再次撤回"):
        domain.withdraw(withdrawn)
    with pytest.raises(ExemptionWithdrawn, match="再改截止日期"):
        domain.end(withdrawn, date(2022, 5, 1), [withdrawn])


def test_the_ledger_knows_the_days_alone() -> None:
    known = domain.known_to_the_ledger(domain.withdraw(MARCH))
    assert (known.id, known.version, known.since, known.until, known.withdrawn) == (
        "a", 2, date(2022, 3, 1), date(2022, 4, 1), True,
    )  # fmt: skip
