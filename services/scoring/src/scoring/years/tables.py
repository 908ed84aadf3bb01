"""A year's evaluation, and what each person came to in it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from scoring.metadata import Row


class YearRow(Row, table=True):
    """Evaluated once, under the book of the year's last quarter. `grades`: how many people came to each."""

    __tablename__ = "years"
    __table_args__ = (
        ForeignKeyConstraint(["county", "book"], ["books.county", "books.id"]),
        CheckConstraint("people >= 0", name="counted"),
        CheckConstraint("window_days >= 1 AND published_on < objections_until", name="window"),
    )

    county: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    book: str
    people: int
    grades: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    published_on: date
    window_days: int
    objections_until: date
    evaluated_by: str
    evaluated_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class EvaluationRow(Row, table=True):
    """One person's year: `quarters` are what was published for each, also late, `branch` that of the last day."""

    __tablename__ = "evaluations"
    __table_args__ = (
        ForeignKeyConstraint(["county", "year"], ["years.county", "years.year"]),
        ForeignKeyConstraint(["county", "person"], ["accounts.county", "accounts.person"]),
        ForeignKeyConstraint(["county", "branch"], ["organisations.county", "organisations.id"]),
    )

    county: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    person: str = Field(primary_key=True)
    branch: str | None = None
    quarters: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    total_tenths: int
    grade: str | None = None
