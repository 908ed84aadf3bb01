from datetime import date

import pytest

from registry.activities.domain import Outcome
from registry.departures import domain
from registry.departures.domain import Recorded
from registry.ids import ActivityId


def line(word: str, outcome: Outcome) -> Recorded:
    return Recorded(ActivityId(word), date(2022, 3, 15), outcome)


def test_absences_of_later_days_are_no_word_against_a_death() -> None:
    domain.judge(line("a", outcome) for outcome in (Outcome.EXCUSED, Outcome.MISSED, Outcome.WITHDRAWN))


def test_a_death_before_something_attended_is_refused_with_the_list() -> None:
    with pytest.raises(domain.AttendedLater, match="2022-03-15") as caught:
        domain.judge([line("a", Outcome.ATTENDED), line("b", Outcome.MISSED), line("c", Outcome.ATTENDED)])
    assert [error["activity"] for error in caught.value.errors] == ["a", "c"]
