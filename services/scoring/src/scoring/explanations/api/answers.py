"""The shape of an explanation over HTTP."""

from datetime import date

from pydantic import BaseModel

from scoring.explanations.domain import ClosedQuarter, ExplainedLine, Why
from scoring.ledger.domain import cells, explaining
from scoring.ledger.domain.facts import Fact


class Total(BaseModel):
    period: str
    base_tenths: int
    carried_tenths: int
    """As much of the base as came over from the quarter before."""
    aspects: dict[str, int]
    vetoed: bool
    adjustments: dict[str, int]
    """What is made good for closed quarters, by quarter."""
    total_tenths: int

    @classmethod
    def of(cls, total: cells.Total) -> "Total":
        return cls(
            period=total.period, base_tenths=total.base, carried_tenths=total.carried, aspects=dict(total.aspects),
            vetoed=total.vetoed, adjustments={str(code): value for code, value in total.adjustments.items()},
            total_tenths=total.total,
        )  # fmt: skip


class Closed(BaseModel):
    """What was published of a closed quarter stays; what is true by now may differ, and is made good later (补)."""

    period: str
    state: str
    published_tenths: int | None
    """The quarter's own total. Null: the person was in no close."""
    true_tenths: int
    adjustments: dict[str, int]
    """What was published beside it for quarters closed before, by quarter."""
    grade: str | None

    @classmethod
    def of(cls, closed: ClosedQuarter) -> "Closed":
        return cls(
            period=closed.period, state=closed.state, published_tenths=closed.published, true_tenths=closed.true,
            adjustments={str(code): value for code, value in closed.adjustments.items()}, grade=closed.grade,
        )  # fmt: skip


class TotalOut(BaseModel):
    person: str
    """The entry that goes on, if the one that was asked for was merged into it."""
    version: int
    branch: str | None
    totals: list[Total]
    """Open quarters as they stand now."""
    closed: list[Closed]


class FactOut(BaseModel):
    subject: str
    version: int
    event: str
    kind: str
    theme: str | None
    mode: str
    grade: str | None
    tenth_hours: int
    day: date
    withdrawn: bool

    @classmethod
    def of(cls, fact: Fact) -> "FactOut":
        shape = fact.shape
        return cls(
            subject=fact.subject, version=fact.version, event=shape.event, kind=shape.kind, theme=shape.theme,
            mode=shape.mode, grade=shape.grade, tenth_hours=shape.tenth_hours, day=fact.day, withdrawn=fact.withdrawn,
        )  # fmt: skip


class LineOut(BaseModel):
    """A line that was reversed and the line that reverses it are both here; together they come to nothing."""

    line: str
    item: str
    aspect: str | None
    value_tenths: int
    fact: FactOut | None
    reverses: str | None
    reversed_by: str | None
    arithmetic: str

    @classmethod
    def of(cls, explained: ExplainedLine) -> "LineOut":
        line = explained.line
        return cls(
            line=line.id, item=line.earned.item, aspect=line.earned.aspect, value_tenths=line.earned.value,
            fact=FactOut.of(explained.fact) if explained.fact else None, reverses=line.reverses,
            reversed_by=explained.reversed_by, arithmetic=explained.arithmetic,
        )  # fmt: skip


class MonthOut(BaseModel):
    month: str
    count: int
    points_tenths: int
    arithmetic: str

    @classmethod
    def of(cls, month: explaining.MonthSum) -> "MonthOut":
        return cls(month=month.month, count=month.count, points_tenths=month.points, arithmetic=month.arithmetic)


class ItemOut(BaseModel):
    item: str
    name: str
    points_tenths: int
    arithmetic: str
    months: list[MonthOut]

    @classmethod
    def of(cls, item: explaining.ItemSum) -> "ItemOut":
        months = [MonthOut.of(month) for month in item.months]
        return cls(item=item.item, name=item.name, points_tenths=item.points, arithmetic=item.arithmetic, months=months)


class AspectOut(BaseModel):
    aspect: str
    name: str
    points_tenths: int
    arithmetic: str
    items: list[ItemOut]
    months: list[MonthOut]
    """Only where the book looks at the aspect's months."""

    @classmethod
    def of(cls, aspect: explaining.AspectSum) -> "AspectOut":
        items = [ItemOut.of(item) for item in aspect.items]
        return cls(
            aspect=aspect.aspect, name=aspect.name, points_tenths=aspect.points, arithmetic=aspect.arithmetic,
            items=items, months=[MonthOut.of(month) for month in aspect.months],
        )  # fmt: skip


class WhyOut(BaseModel):
    """From the bottom: lines, sums by month and item, aspects, and base + aspects = total.

    Who was scored in the quarter and is not any more has no aspects, and a total of what was settled in it.
    """

    person: str
    """The entry that goes on, if the one that was asked for was merged into it."""
    period: str
    book: str
    base_tenths: int
    base_arithmetic: str
    aspects: list[AspectOut]
    vetoed: bool
    adjustments: dict[str, int]
    total_tenths: int
    arithmetic: str
    published_tenths: int | None
    """The quarter's own total when it was closed, without adjustments. Null: it is open."""
    lines: list[LineOut]
    unscored: list[FactOut]
    """Facts of the quarter that earn nothing under its book, or were withdrawn."""

    @classmethod
    def of(cls, why: Why) -> "WhyOut":
        figures = why.figures
        return cls(
            person=why.person, period=why.period, book=why.book, base_tenths=figures.total.base,
            base_arithmetic=figures.base, aspects=[AspectOut.of(aspect) for aspect in figures.aspects],
            vetoed=figures.total.vetoed, adjustments={str(k): v for k, v in figures.total.adjustments.items()},
            total_tenths=figures.total.total, arithmetic=figures.arithmetic, published_tenths=why.published,
            lines=[LineOut.of(line) for line in why.lines],
            unscored=[FactOut.of(fact) for fact in why.idle],
        )  # fmt: skip
