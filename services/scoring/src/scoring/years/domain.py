"""The year's evaluation (总评): what the quarters published for a person, taken together and graded.

It rests on what was published and never on what is true by now: what came late for a closed quarter is settled in a
later one, and counts where it was published.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scoring.ids import BookId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain.accounts import Account
from scoring.notices.domain import Result, Window
from scoring.periods.domain import Period, State
from scoring.rulebooks.domain import Book, band_of
from scoring.rulebooks.domain import Year as Rule


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One person's year; `quarters` are the published totals that it is made of."""

    person: PersonId
    branch: OrganisationId | None  # at home on the year's last day
    quarters: Mapping[Quarter, int]
    total: int
    grade: str | None

    @property
    def result(self) -> Result:
        return Result(self.person, self.branch, self.total, self.grade)


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    book: BookId
    window: Window
    evaluations: tuple[Evaluation, ...]

    @property
    def grades(self) -> dict[str, int]:
        """How many people came to each grade; who came to none is not in it."""
        counted = Counter(each.grade for each in self.evaluations if each.grade)
        return dict(sorted(counted.items()))


class AlreadyEvaluated(Exception):
    def __init__(self, year: int) -> None:
        super().__init__(f"{year}年度已经总评，不能再次总评。")


class LastQuarterMissing(Exception):
    def __init__(self, year: int) -> None:
        super().__init__(f"{year}Q4尚未开启，{year}年度还不能总评。")


class NotAllFinal(Exception):
    def __init__(self, year: int, quarters: Iterable[str]) -> None:
        super().__init__(f"{'、'.join(quarters)}尚未定案，{year}年度还不能总评。")


class NoYearRule(Exception):
    def __init__(self, year: int, title: str) -> None:
        super().__init__(f"{year}Q4所用的《{title}》没有年度总评的规定，不能总评。")


class YearNotFound(Exception):
    def __init__(self, year: int) -> None:
        super().__init__(f"{year}年度尚未总评。")


def ready(year: int, periods: Mapping[Quarter, tuple[Period, Book]], *, evaluated: bool) -> tuple[Period, Book, Rule]:
    """Return the year's last quarter and the rule of its book, if every quarter that was opened is final.

    Raises AlreadyEvaluated, LastQuarterMissing, NotAllFinal, NoYearRule.
    """
    if evaluated:
        raise AlreadyEvaluated(year)
    last = Quarter(f"{year}Q4")
    if last not in periods:
        raise LastQuarterMissing(year)
    if waiting := [code for code in _quarters(year, periods) if periods[code][0].state is not State.FINAL]:
        raise NotAllFinal(year, waiting)
    period, book = periods[last]
    if book.year is None:
        raise NoYearRule(year, book.title)
    return period, book, book.year


def evaluate(accounts: Iterable[Account], year: int, ends_on: date, rule: Rule) -> list[Evaluation]:
    """Evaluate everybody for whom a quarter of the year was published, in the order given.

    Who was entered twice is evaluated under the entry that goes on.
    """
    found = ((account, _published(account, year)) for account in accounts if account.merged_into is None)
    return [_evaluation(account, quarters, ends_on, rule) for account, quarters in found if quarters]


def mean(totals: Iterable[int]) -> int:
    """Round the exact mean half up, once."""
    each = list(totals)
    return (2 * sum(each) + len(each)) // (2 * len(each))


def _quarters(year: int, codes: Iterable[Quarter]) -> list[Quarter]:
    return sorted(code for code in codes if code.startswith(f"{year}Q"))


def _published(account: Account, year: int) -> dict[Quarter, int]:
    frozen = {each.period: each.own + sum(each.adjustments.values()) for each in account.frozen}
    return {code: frozen[code] for code in _quarters(year, frozen)}


def _evaluation(account: Account, quarters: Mapping[Quarter, int], ends_on: date, rule: Rule) -> Evaluation:
    total = mean(quarters.values()) if rule.take == "mean" else sum(quarters.values())
    band = band_of(rule.bands, total)
    return Evaluation(
        account.person, account.belonging.home_on(ends_on), quarters, total, None if band is None else band.code
    )
