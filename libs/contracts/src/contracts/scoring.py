"""What scoring tells: rule books, what people judged, periods and notices, everyone's points with their reasons."""

from datetime import date
from typing import Annotated

from pydantic import Field, JsonValue

from contracts.fields import Code, Fact, Id, Moment, Month, OneOf, Period, Shape, Span, Word, Year

Tenths = Annotated[int, Field(json_schema_extra={"x-unit": "tenths of a point"})]

People = Annotated[int, Field(ge=0, json_schema_extra={"x-unit": "people"})]

Tell = Annotated[Id | None, Field(description="The organisation that tells the person. Null: none, the bureau does.")]

PeriodState = Annotated[
    str,
    OneOf(
        open="still counted",
        closed="published; what comes late is settled in the earliest open period",
        final="published, and the time for objections is over",
    ),
]

JudgementState = Annotated[
    str, OneOf(confirmed="a second person confirmed it: it counts", withdrawn="it counts for nothing")
]


class BoundPeriod(Shape):
    period: Period = Field(description="The period that this book rules.")


class RulebookV1(Shape):
    word: Word = Field(description="The book's short word; its versions share it.")
    version: int = Field(ge=1, description="Which version of the book this is. A version never changes.")
    starts_on: date = Field(description="The first day it may rule, the first of a period.")
    book: dict[str, JsonValue] = Field(description="The book as it was adopted, word for word.")
    periods: tuple[BoundPeriod, ...] = Field(description="The periods it rules, earliest first.")


class PeriodV1(Shape):
    period: Period = Field(description="The period.")
    starts_on: date = Field(description="Its first day.")
    ends_on: date = Field(description="Its last day.")
    state: PeriodState = Field(description="Whether it still counts.")
    book: Id = Field(description="The rule book that rules it.")
    closed_at: Moment | None = Field(
        default=None, description="When a person closed it. Null or absent: it is not closed."
    )
    people: People | None = Field(
        default=None, description="How many people it was closed for. Null or absent: it is not closed."
    )
    total_tenths: Tenths | None = Field(
        default=None, description="What was published for all of them together. Null or absent: it is not closed."
    )
    published_on: date | None = Field(
        default=None, description="The day its notices were posted up. Null or absent: they are not."
    )
    objections_until: date | None = Field(
        default=None, description="The last day on which objections are taken. Null or absent: no notice is posted up."
    )


class YearV1(Shape):
    year: Year = Field(description="The year.")
    people: People = Field(description="How many people were evaluated.")
    grades: dict[Code, People] = Field(description="How many got each grade of the book; who got none is not in it.")
    published_on: date = Field(description="The day its notices were posted up.")
    objections_until: date = Field(description="The last day on which objections are taken.")


class NoticeEntry(Shape):
    person: Id = Field(description="The person.")
    total_tenths: Tenths | None = Field(description="What was published for the person. Null: the notice shows grades.")
    grade: Code | None = Field(description="The grade, a code of the book. Null: none reached, or none shown.")


class NoticeV1(Shape):
    period: Span = Field(description="The quarter or the year that it is about.")
    branch: Id = Field(description="The branch where it is posted up.")
    published_on: date = Field(description="The day it was posted up.")
    window_days: int = Field(
        ge=1, le=30, description="For how many working days objections are taken.", json_schema_extra={"x-unit": "days"}
    )
    objections_until: date = Field(description="The last of these days.")
    shows: Annotated[str, OneOf(points="everyone's points", grades="everyone's grade")] = Field(
        description="What the county chose to show."
    )
    board: Code | None = Field(description="The board that it is for, a code of the county. Null: the branch's own.")
    state: Annotated[str, OneOf(published="it is posted up", withdrawn="it holds no longer")] = Field(
        description="Whether it holds."
    )
    people: tuple[NoticeEntry, ...] = Field(description="The branch's people in the order of their ids, not by points.")


class AppraisalV1(Shape):
    person: Id = Field(description="The person.")
    item: Code = Field(description="The item of the book.")
    grade: Code = Field(description="The grade that was given, a code of the item.")
    period: Period = Field(description="The period it counts in.")
    month: Month | None = Field(description="The month that it is about. Null: the whole quarter.")
    day: date = Field(description="The day that it counts on.")
    state: JudgementState = Field(description="Whether it counts.")
    tell: Tell


class DeductionV1(Shape):
    person: Id = Field(description="The person.")
    item: Code = Field(description="The item of the book.")
    value_tenths: Tenths = Field(le=0, description="What the item takes away, before its caps. 0: a veto.")
    veto: bool = Field(description="Whether it makes the person's own total of the period 0.")
    period: Period = Field(description="The period it counts in.")
    day: date = Field(description="The day of what it rests on.")
    state: JudgementState = Field(description="Whether it counts.")
    source: Fact | None = Field(description="The subject of the event that proposed it. Null: a person did.")
    tell: Tell


class ExemptionV1(Shape):
    person: Id = Field(description="The person.")
    since: date = Field(description="The first day on which nothing is taken away.")
    until: date | None = Field(description="The first day no longer exempt. Null: open.")
    state: Annotated[str, OneOf(granted="it holds on these days", withdrawn="it never held")] = Field(
        description="Whether it holds."
    )
    tell: Tell


class ObjectionV1(Shape):
    person: Id = Field(description="The person whose points it is about.")
    period: Span = Field(description="The quarter or the year that it is about.")
    filed_on: date = Field(description="The day it was filed.")
    state: Annotated[
        str,
        OneOf(
            filed="not answered yet",
            upheld="the person was right, and it was put right",
            declined="what was published stands",
        ),
    ] = Field(description="How it stands.")
    correction: Fact | None = Field(description="The subject of the event that put it right. Null: none did.")
    tell: Tell


class Total(Shape):
    period: Period = Field(description="The period.")
    state: PeriodState = Field(description="Whether the period still counts.")
    base_tenths: Tenths = Field(description="What the person's class starts with.")
    aspects: dict[Code, Tenths] = Field(description="What each aspect of the book adds, after its caps.")
    total_tenths: Tenths = Field(
        description="What the period stands at: base and aspects, or 0 after a veto, and the adjustments."
    )
    carried_tenths: Tenths = Field(
        default=0, description="How much of the base was carried over from the quarter before. Absent: none."
    )
    vetoed: bool = Field(
        default=False, description="Whether a veto makes base and aspects count 0. Absent: it does not."
    )
    adjustments: dict[Period, Tenths] = Field(
        default={}, description="What is settled here for each closed period, outside all caps. Absent: nothing."
    )


class Line(Shape):
    line: Id = Field(description="The line's own id.")
    period: Period = Field(description="The period it counts in.")
    item: Code = Field(description="The item of the book that it follows.")
    aspect: Code | None = Field(description="The aspect that the item belongs to. Null: the base.")
    value_tenths: Tenths = Field(description="What it adds; negative where it takes away.")
    fact: Fact | None = Field(description="The subject of the event it rests on. Null: it rests on no single fact.")
    reverses: Id | None = Field(description="The earlier line that it takes back. Null: none.")
    book: Id = Field(description="The rule book that it follows.")
    arithmetic: str = Field(
        max_length=400, description="How the value was worked out, in figures and the book's words."
    )


class Closed(Shape):
    period: Period = Field(description="The period.")
    state: PeriodState = Field(description="Whether it is final.")
    published_tenths: Tenths = Field(description="The period's own sum as it was published, without adjustments.")
    true_tenths: Tenths = Field(description="The period's own sum as it would be with all that came since.")
    adjustments: dict[Period, Tenths] = Field(
        description="What was settled in it for each period closed before, published beside its own sum."
    )
    grade: Code | None = Field(description="The grade that was published, a code of the book. Null: none.")
    came_late: bool = Field(
        default=False,
        description="Whether the person came into it after the close, so that nothing was published. Absent: no.",
    )


class PointsV1(Shape):
    person: Id = Field(description="The person.")
    branch: Id | None = Field(description="The home branch now. Null: none.")
    booked_on: date = Field(description="The day the lines were booked, in Asia/Shanghai.")
    booked_tenths: Tenths = Field(description="What was booked for the person on that day so far.")
    totals: tuple[Total, ...] = Field(description="Every open period as it stands now, earliest first.")
    lines: tuple[Line, ...] = Field(description="The ledger lines that this change wrote.")
    closed: tuple[Closed, ...] = Field(
        default=(), description="Every closed period that the person was in, earliest first. Absent: none."
    )
