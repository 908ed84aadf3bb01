"""The answer to “why is my total what it is?”: the ledger's own figures, with the facts beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scoring.ids import BookId, LineId, PersonId, Quarter
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.arithmetic import settled
from scoring.ledger.domain.cells import Cell, Line, Total
from scoring.ledger.domain.explaining import Explanation, Quarters, explain, line_arithmetic
from scoring.ledger.domain.facts import Fact
from scoring.periods.domain import Rules


class AccountNotFound(Exception):
    def __init__(self, person: str) -> None:
        super().__init__(f"积分系统里没有编号为{person}的人员。")


class NotInScope(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"此人在{period}不参加积分：没有所在支部、没有人员类别、不在本县，或整个季度免于积分。")


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    line: Line
    fact: Fact | None  # None: the base
    reversed_by: LineId | None
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Why:
    """Lines in the order in which they were written; `idle` are facts of the quarter that earn nothing in it."""

    person: PersonId
    period: Quarter
    book: BookId
    figures: Explanation
    lines: tuple[ExplainedLine, ...]
    idle: tuple[Fact, ...]
    published: int | None = None  # the quarter's own total when it was closed; None: it is open


@dataclass(frozen=True, slots=True)
class ClosedQuarter:
    """What was published, and what is true by now; the difference is made good in an open quarter (补)."""

    period: Quarter
    state: str
    published: int | None  # the quarter's own total; None: the person was in no close
    true: int
    adjustments: Mapping[Quarter, int]  # published beside it, for the quarters closed before
    grade: str | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a close has frozen of the quarter, and what is made good in it for earlier ones."""

    published: int | None = None
    adjustments: Mapping[Quarter, int] = field(default_factory=dict)


def why(
    cell: Cell, quarters: Quarters, settlement: Settlement, lines: Sequence[Line], facts: Mapping[str, Fact]
) -> Why:
    """Explain a cell. `facts` are those of the quarter and of all its lines; `quarters` are those in scope."""
    period, book = cell.period, quarters.books[cell.period]
    reversed_by = {line.reverses: line.id for line in lines if line.reverses}
    explained = tuple(
        ExplainedLine(line, fact, reversed_by.get(line.id), line_arithmetic(line, book, fact.shape if fact else None))
        for line in lines
        for fact in (facts.get(line.earned.fact or ""),)
    )
    standing = [line for line in lines if not line.reverses and line.id not in reversed_by]
    earning = {line.earned.fact for line in standing}
    here = [fact for fact in facts.values() if fact.period == period]
    idle = sorted((fact for fact in here if fact.subject not in earning), key=lambda fact: (fact.day, fact.subject))
    if period in quarters.cells:
        figures = explain(period, quarters, standing, settlement.adjustments)
    else:
        figures = _left(period, settlement.adjustments)
    return Why(cell.person, period, cell.book, figures, explained, tuple(idle), settlement.published)


def _left(period: Quarter, adjustments: Mapping[Quarter, int]) -> Explanation:
    """Explain a quarter that somebody was scored in and is not any more; what was settled in it stays."""
    total = Total(period, 0, {}, sum(adjustments.values()), adjustments=adjustments)
    return Explanation(total, (), f"此人现已不参加该季度积分, 计 0{settled(adjustments, total.total)}", "基础分 0")


def closed_quarters(account: Account, rules: Rules) -> list[ClosedQuarter]:
    """Every closed quarter that the person has a number of, earliest first."""
    frozen, trues = {each.period: each for each in account.frozen}, account.published.trues
    found = []
    for period in rules.closed:
        if period in frozen or period in trues:
            kept = frozen.get(period)
            own, adjustments, grade = (kept.own, kept.adjustments, kept.grade) if kept else (None, {}, None)
            state = str(rules.periods[period][0].state)
            found.append(ClosedQuarter(period, state, own, trues.get(period, 0), adjustments, grade))
    return found
