from datetime import UTC, date, datetime

import pytest

from scoring.ids import BookId
from scoring.periods.domain import BookTooYoung, UnknownQuarter, open_period, quarter_of, shanghai_day

BOOK = BookId("book")


def test_a_quarter_ends_on_the_last_day_of_its_third_month() -> None:
    ends = [open_period(f"2024Q{n}", BOOK, date(2022, 1, 1)).ends_on for n in (1, 2, 3, 4)]
    assert ends == [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]


def test_the_day_is_that_of_shanghai() -> None:
    late_in_utc = datetime(2022, 3, 31, 16, 0, tzinfo=UTC)
    assert quarter_of(shanghai_day(late_in_utc)) == "2022Q2"


@pytest.mark.parametrize("code", ["2022Q5", "2022", "2022q1", "1922Q1", "2022Q1 "])
def test_a_code_that_is_no_quarter_is_refused(code: str) -> None:
    with pytest.raises(UnknownQuarter):
        open_period(code, BOOK, date(2022, 1, 1))


def test_a_book_does_not_rule_a_quarter_that_began_before_it() -> None:
    with pytest.raises(BookTooYoung):
        open_period("2022Q1", BOOK, date(2022, 4, 1))
