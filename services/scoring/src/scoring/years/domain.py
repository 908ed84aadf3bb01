"""The year's evaluation (总评): what the quarters published for a person, taken together and graded.

It rests on what was published and never on what is true by now. What came late for a closed quarter was settled in a
later one of the year, and counts for the quarter that it is for: who was registered late has the year of the others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring.ids import BookId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain.accounts import Frozen
from scoring.ledger.domain.freezing import Released
from scoring.notices.domain import Result, Window
from scoring.periods.domain import Period, State
from scoring.rulebooks.domain import Book, grade_of
from scoring.rulebooks.domain import Year as Rule


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One person's year; `quarters` are what was published for each, also late."""

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


def evaluate(year: int, released: Iterable[Released], rule: Rule) -> list[Evaluation]:
    """Evaluate everybody for whom some quarter of the year was published, in the order of their ids.

    The branches are those of the year's last day.
    """
    frozen: dict[PersonId, list[Frozen]] = defaultdict(list)
    branches: dict[PersonId, OrganisationId | None] = {}
    for each in released:
        frozen[each.person].append(each.frozen)
        branches[each.person] = each.branch
    return [_evaluation(person, branches[person], credited(year, frozen[person]), rule) for person in sorted(frozen)]


def credited(year: int, frozen: Iterable[Frozen]) -> dict[Quarter, int]:
    """Credit what the year's closes published to the quarters that it is for, so that it does not matter when it came.

    What a close settled for an earlier year stays with the quarter that settled it.
    """
    own, settled = Counter[Quarter](), Counter[Quarter]()
    for each in frozen:
        own[each.period] += each.own
        for code, value in each.adjustments.items():
            settled[code if _is_of(year, code) else each.period] += value
    return {code: own[code] + settled[code] for code in sorted({*own, *settled}) if code in own or settled[code]}


def mean(totals: Iterable[int]) -> int:
    """Round the exact mean half up, once."""
    each = list(totals)
    return (2 * sum(each) + len(each)) // (2 * len(each))


def quarters_of(year: int, codes: Iterable[Quarter]) -> list[Quarter]:
    return sorted(code for code in codes if _is_of(year, code))


def _is_of(year: int, code: Quarter) -> bool:
    return code.startswith(f"{year}Q")


def _evaluation(
    person: PersonId, branch: OrganisationId | None, quarters: Mapping[Quarter, int], rule: Rule
) -> Evaluation:
    total = mean(quarters.values()) if rule.take == "mean" else sum(quarters.values())
    return Evaluation(person, branch, quarters, total, grade_of(rule.bands, total))
