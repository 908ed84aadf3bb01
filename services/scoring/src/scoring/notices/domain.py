"""A notice (公示) tells one branch what its people came to, in the order of their ids, and how long one may object.

It carries points or grades as the county's book chose. What was taken away from somebody stands in none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from scoring.ids import NoticeId, OrganisationId, PersonId
from scoring.ledger.domain.freezing import Released
from scoring.rulebooks.domain import Book

IsWorkday = Callable[[date], bool]


MOST_PEOPLE = 3500
"""On one notice, so that the bus carries it even if every grade has the longest code."""


class Shows(StrEnum):
    POINTS = "points"
    GRADES = "grades"


class State(StrEnum):
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Window:
    """In which objections are heard, the last day included."""

    published_on: date
    days: int
    objections_until: date


@dataclass(frozen=True, slots=True)
class Terms:
    """How a book wants its notices."""

    window_days: int
    shows: Shows
    board: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """What somebody came to in a quarter or a year. No branch: at home in none on its last day, so on no notice."""

    person: PersonId
    branch: OrganisationId | None
    total: int
    grade: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    person: PersonId
    total: int | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    id: NoticeId
    period: str  # a quarter, or a year such as 2022
    branch: OrganisationId
    window: Window
    terms: Terms
    people: tuple[Shown, ...]
    state: State = State.PUBLISHED
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see: everything, or what concerns some branches or one person, under whatever entry."""

    everything: bool = False
    branches: frozenset[OrganisationId] = frozenset()
    people: frozenset[PersonId] = frozenset()


class NoticeInsidePeriod(Exception):
    def __init__(self, period: str, ends_on: date, published_on: date) -> None:
        super().__init__(
            f"{period}到{ends_on.isoformat()}才结束，公示日期不能是{published_on.isoformat()}，应在结束之后。"
        )


class NoticeInFuture(Exception):
    def __init__(self, published_on: date, today: date) -> None:
        super().__init__(f"公示日期{published_on.isoformat()}还没有到，今天是{today.isoformat()}。")


class TooManyPeople(Exception):
    def __init__(self, branch: OrganisationId, people: int) -> None:
        super().__init__(
            f"一个支部的公示最多列{MOST_PEOPLE}人，编号为{branch}的支部有{people}人，无法公示。"
            "请先在组织关系中把人员登记到各自所在的支部。"
        )


class NoticeNotFound(Exception):
    def __init__(self, notice: str) -> None:
        super().__init__(f"没有编号为{notice}的公示。")


def terms_of(book: Book) -> Terms:
    return Terms(book.notice.window_days, Shows(book.notice.shows), book.notice.board)


def window(published_on: date, days: int, is_workday: IsWorkday) -> Window:
    """Count the working days after the day of publication; the last of them ends the window."""
    day, left = published_on, days
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)
    return Window(published_on, days, day)


def require_date(period: str, ends_on: date, published_on: date, today: date) -> None:
    """Paper notices are dated by people. Raises NoticeInsidePeriod, NoticeInFuture."""
    if published_on <= ends_on:
        raise NoticeInsidePeriod(period, ends_on, published_on)
    if published_on > today:
        raise NoticeInFuture(published_on, today)


def compose(
    period: str, results: Iterable[Result], window: Window, terms: Terms, new_id: Callable[[], str]
) -> list[Notice]:
    """Write one notice for each branch that somebody is at home in, in the order of the branches' ids.

    Raises TooManyPeople.
    """
    people: dict[OrganisationId, list[Shown]] = defaultdict(list)
    for result in sorted(results, key=lambda each: each.person):
        if result.branch is not None:
            people[result.branch].append(_shown(result, terms.shows))
    for branch in sorted(people):
        require_room(branch, len(people[branch]))
    return [
        Notice(NoticeId(new_id()), period, branch, window, terms, tuple(people[branch])) for branch in sorted(people)
    ]


def holds(people: int) -> bool:
    """Tell whether one notice has room for so many."""
    return people <= MOST_PEOPLE


def require_room(branch: OrganisationId, people: int) -> None:
    """Raises TooManyPeople."""
    if not holds(people):
        raise TooManyPeople(branch, people)


def result(released: Released) -> Result:
    """What a close published for somebody: the quarter's own sum with what was settled in it."""
    return Result(released.person, released.branch, released.frozen.total, released.frozen.grade)


def withdraw(notice: Notice) -> Notice:
    return replace(notice, state=State.WITHDRAWN, revision=notice.revision + 1)


def _shown(result: Result, shows: Shows) -> Shown:
    if shows is Shows.POINTS:
        return Shown(result.person, result.total, None)
    return Shown(result.person, None, result.grade)
