"""The year's evaluation (总评): what the quarters published for a person, taken together and graded.

It rests on what was published and never on what is true by now: what came late for a closed quarter is settled in a
later one, and counts where it was published.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring.ids import BookId, OrganisationId, PersonId, Quarter
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
    if waiting := [code for code in quarters_of(year, periods) if periods[code][0].state is not State.FINAL]:
        raise NotAllFinal(year, waiting)
    period, book = periods[last]
    if book.year is None:
        raise NoYearRule(year, book.title)
    return period, book, book.year


def evaluate(published: Mapping[Quarter, Iterable[Result]], rule: Rule) -> list[Evaluation]:
    """Evaluate everybody for whom some quarter was published, in the order of their ids.

    The branches are those of the year's last day.
    """
    quarters: dict[PersonId, dict[Quarter, int]] = defaultdict(dict)
    branches: dict[PersonId, OrganisationId | None] = {}
    for code in sorted(published):
        for result in published[code]:
            quarters[result.person][code] = result.total
            branches[result.person] = result.branch
    return [_evaluation(person, branches[person], quarters[person], rule) for person in sorted(quarters)]


def mean(totals: Iterable[int]) -> int:
    """Round the exact mean half up, once."""
    each = list(totals)
    return (2 * sum(each) + len(each)) // (2 * len(each))


def quarters_of(year: int, codes: Iterable[Quarter]) -> list[Quarter]:
    return sorted(code for code in codes if code.startswith(f"{year}Q"))


def _evaluation(
    person: PersonId, branch: OrganisationId | None, quarters: Mapping[Quarter, int], rule: Rule
) -> Evaluation:
    total = mean(quarters.values()) if rule.take == "mean" else sum(quarters.values())
    band = band_of(rule.bands, total)
    return Evaluation(person, branch, quarters, total, None if band is None else band.code)
