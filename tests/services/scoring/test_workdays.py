"""Working days as the State Council announced them."""

from datetime import date

import pytest

from scoring.workdays import NoCalendar, is_workday


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2022, 10, 1), False),  # National Day
        (date(2022, 10, 7), False),  # a Friday, still the holiday
        (date(2022, 10, 8), True),  # a Saturday, made up
        (date(2022, 10, 9), True),  # a Sunday, made up
        (date(2022, 10, 10), True),
        (date(2022, 10, 15), False),  # a plain Saturday
        (date(2022, 4, 2), True),  # a Saturday, made up for the Monday
        (date(2022, 4, 4), False),  # a Monday off
        (date(2022, 4, 5), False),  # Qingming
        (date(2026, 2, 14), True),  # a Saturday, made up for the Spring Festival
    ],
)
def test_holidays_are_off_and_made_up_days_are_on(day: date, works: bool) -> None:
    assert is_workday(day) is works


def test_a_year_that_has_not_been_announced_is_refused_and_not_guessed() -> None:
    with pytest.raises(NoCalendar, match="还没有2027年的节假日安排"):
        is_workday(date(2027, 1, 4))
