"""Periods are calendar quarters in Asia/Shanghai; a fact belongs to the quarter of the day it happened on, always."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cached_property

from scoring.ids import BookId, Quarter
from scoring.rulebooks.domain import Book

# China has kept one offset without summer time since 1991, so a fixed offset gives the days of Asia/Shanghai.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
QUARTER = re.compile(r"(?P<year>20\d\d)Q(?P<number>[1-4])")
FIRST_MONTHS = (1, 4, 7, 10)


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Period:
    """A county's opened quarter and the one book version it is judged by."""

    code: Quarter
    book: BookId
    starts_on: date
    ends_on: date
    epoch: int = 0  # of the county, once this period was opened
    state: State = State.OPEN


@dataclass(frozen=True)
class Rules:
    """Every quarter that a county has opened, each with its book, also those that are closed by now.

    Facts go on folding into closed quarters. The epoch grows whenever a quarter is opened.
    """

    epoch: int
    periods: Mapping[Quarter, tuple[Period, Book]]

    @cached_property
    def books(self) -> Mapping[Quarter, Book]:
        return {code: book for code, (_, book) in self.periods.items()}

    @cached_property
    def open(self) -> Mapping[Quarter, tuple[Period, Book]]:
        return {code: held for code, held in self.periods.items() if held[0].state is State.OPEN}

    @cached_property
    def closed(self) -> tuple[Quarter, ...]:
        return tuple(sorted(self.periods.keys() - self.open.keys()))

    @cached_property
    def chained(self) -> frozenset[str]:
        """The years in which one quarter's total may look at another's: never at one of another year."""
        return frozenset(code[:4] for code, book in self.books.items() if _looks_back(book))

    @cached_property
    def open_years(self) -> frozenset[str]:
        return frozenset(code[:4] for code in self.open)

    @cached_property
    def earliest_open(self) -> Quarter | None:
        """The quarter that carries what came late for the closed ones."""
        return min(self.open, default=None)


class UnknownQuarter(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(f"“{code}”不是季度代码，应写作“2022Q1”。")


class BookTooYoung(Exception):
    def __init__(self, code: Quarter, starts_on: date) -> None:
        super().__init__(f"积分办法自{starts_on.isoformat()}起施行，不能用于{code}。")


class AlreadyOpen(Exception):
    def __init__(self, code: Quarter) -> None:
        super().__init__(f"{code}已经开启，不能再次开启。")


class ClosedBefore(Exception):
    """Quarters close in order, so none is opened behind one that is closed."""

    def __init__(self, code: Quarter, later: Quarter) -> None:
        super().__init__(f"{later}已经结账，不能再开启更早的{code}。")


class NotBegun(Exception):
    def __init__(self, code: Quarter, starts_on: date) -> None:
        super().__init__(f"{code}自{starts_on.isoformat()}开始，还没有到，不能提前开启。")


class PeriodNotFound(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(f"{code}尚未开启。")


def _looks_back(book: Book) -> bool:
    caps = [*(item.year_cap for item in book.items), *(aspect.year_cap for aspect in book.aspects)]
    return book.carry_over is not None or any(cap is not None for cap in caps)


def shanghai_day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """Its first moment, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def quarter_of(day: date) -> Quarter:
    return Quarter(f"{day.year}Q{(day.month + 2) // 3}")


def month_of(day: date) -> str:
    """The key of a month's sum, such as ``2022-03``."""
    return f"{day.year}-{day.month:02}"


def open_period(code: str, book: BookId, book_starts_on: date) -> Period:
    """Bind a quarter to its book. Which version it is, is a person's choice; it only must have been in force by then.

    Raises UnknownQuarter, BookTooYoung.
    """
    found = QUARTER.fullmatch(code)
    if found is None:
        raise UnknownQuarter(code)
    starts_on = date(int(found["year"]), FIRST_MONTHS[int(found["number"]) - 1], 1)
    if book_starts_on > starts_on:
        raise BookTooYoung(Quarter(code), book_starts_on)
    return Period(Quarter(code), book, starts_on, _last_day(starts_on))


def require_begun(period: Period, today: date) -> None:
    """An opening cannot be taken back, and gives everybody their base. Raises NotBegun."""
    if period.starts_on > today:
        raise NotBegun(period.code, period.starts_on)


def require_free(code: Quarter, rules: Rules) -> None:
    """Raises AlreadyOpen, ClosedBefore."""
    if code in rules.periods:
        raise AlreadyOpen(code)
    if later := [each for each in rules.closed if each > code]:
        raise ClosedBefore(code, min(later))


def _last_day(starts_on: date) -> date:
    return (starts_on + timedelta(days=95)).replace(day=1) - timedelta(days=1)
