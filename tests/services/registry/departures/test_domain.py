from datetime import date

import pytest

from registry.activities.domain import Outcome
from registry.departures import domain
from registry.departures.domain import Recorded
from registry.ids import ActivityId


def line(word: str, outcome: Outcome) -> Recorded:
    return Recorded(ActivityId(word), date(2022, 3, 15), outcome)


def test_excused_and_missed_after_the_death_are_withdrawn() -> None:
    assert domain.judge([line("a", Outcome.EXCUSED), line("b", Outcome.MISSED)]) == ("a", "b")


def test_what_was_withdrawn_already_stays() -> None:
    assert domain.judge([line("a", Outcome.WITHDRAWN)]) == ()


def test_a_death_before_something_attended_is_refused_with_the_list() -> None:
    with pytest.raises(domain.AttendedLater, match="2022-03-15") as caught:
        domain.judge([line("a", Outcome.ATTENDED), line("b", Outcome.MISSED), line("c", Outcome.ATTENDED)])
    assert [error["activity"] for error in caught.value.errors] == ["a", "c"]
