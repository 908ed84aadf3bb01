"""What scoring tells: rule books, the periods they rule, and everyone's points with their reasons."""

from datetime import date
from typing import Annotated

from pydantic import Field, JsonValue

from contracts.fields import Code, Fact, Id, OneOf, Period, Shape, Word

Tenths = Annotated[int, Field(json_schema_extra={"x-unit": "tenths of a point"})]

PeriodState = Annotated[str, OneOf(open="still counted")]


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


class Total(Shape):
    period: Period = Field(description="The period.")
    state: PeriodState = Field(description="Whether the period still counts.")
    base_tenths: Tenths = Field(description="What the person's class starts with.")
    aspects: dict[Code, Tenths] = Field(description="What each aspect of the book adds, after its caps.")
    total_tenths: Tenths = Field(description="Base and aspects together.")


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


class PointsV1(Shape):
    person: Id = Field(description="The person.")
    branch: Id | None = Field(description="The home branch now. Null: none.")
    booked_on: date = Field(description="The day the lines were booked, in Asia/Shanghai.")
    booked_tenths: Tenths = Field(description="What was booked for the person on that day so far.")
    totals: tuple[Total, ...] = Field(description="Every open period as it stands now, earliest first.")
    lines: tuple[Line, ...] = Field(description="The ledger lines that this change wrote.")
