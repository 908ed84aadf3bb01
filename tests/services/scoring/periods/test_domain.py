from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scoring.ids import BookId, Quarter
from scoring.periods.domain import (
    AlreadyOpen,
    BookTooYoung,
    ClosedBefore,
    Rules,
    State,
    UnknownQuarter,
    open_period,
    quarter_of,
    require_free,
    shanghai_day,
)
from scoring.rulebooks.domain import Book

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


@pytest.mark.parametrize("starts_on", [date(2022, 1, 2), date(2022, 2, 15), date(2022, 3, 31), date(2022, 4, 1)])
def test_a_book_does_not_rule_a_quarter_that_began_before_it(starts_on: date) -> None:
    with pytest.raises(BookTooYoung):
        open_period("2022Q1", BOOK, starts_on)


def rules(**states: State) -> Rules:
    book = Book("example", 1, "示例", date(2022, 1, 1), {"A": 600}, (), ())
    opened = [open_period(f"2022{quarter}", BOOK, date(2022, 1, 1)) for quarter in states]
    marked = [replace(period, state=state) for period, state in zip(opened, states.values(), strict=True)]
    return Rules(1, {period.code: (period, book) for period in marked})


def test_no_quarter_is_opened_behind_one_that_is_closed() -> None:
    with pytest.raises(ClosedBefore, match="2022Q2已经结账，不能再开启更早的2022Q1"):
        require_free(Quarter("2022Q1"), rules(Q2=State.CLOSED, Q3=State.FINAL))


def test_a_quarter_may_be_opened_behind_one_that_is_open() -> None:
    require_free(Quarter("2022Q1"), rules(Q2=State.OPEN))


@pytest.mark.parametrize("state", State)
def test_no_quarter_is_opened_twice(state: State) -> None:
    with pytest.raises(AlreadyOpen):
        require_free(Quarter("2022Q1"), rules(Q1=state))
