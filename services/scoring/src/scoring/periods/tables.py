"""Counties as scoring sees them, and the quarters that each has opened."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKeyConstraint, text
from sqlmodel import Field

from scoring.metadata import Row


def _moment() -> Any:
    return Field(default=None, sa_column=Column(DateTime(timezone=True)))


class CountyRow(Row, table=True):
    """The row that a batch holds FOR SHARE and an opening FOR UPDATE. Version 0: not told of yet."""

    __tablename__ = "counties"
    __table_args__ = (CheckConstraint("version >= 0 AND epoch >= 0", name="counted"),)

    county: str = Field(primary_key=True)
    version: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    word: str | None = None
    # Grows with every opening; an account whose epoch is behind has cells to be rated.
    epoch: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))


class PeriodRow(Row, table=True):
    """`revision` counts the events that told of it. Closed, noticed and final are steps of `closing`."""

    __tablename__ = "periods"
    __table_args__ = (
        ForeignKeyConstraint(["county", "book"], ["books.county", "books.id"]),
        CheckConstraint("state IN ('open', 'closed', 'final')", name="state"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
        CheckConstraint("finalised_at IS NULL OR state = 'final'", name="final"),
        CheckConstraint("starts_on < ends_on", name="days"),
        CheckConstraint("revision >= 1", name="counted"),
        CheckConstraint(
            "(published_on IS NULL) = (objections_until IS NULL) AND published_on < objections_until", name="window"
        ),
        CheckConstraint(
            "CASE state WHEN 'open' THEN published_on IS NULL WHEN 'final' THEN published_on IS NOT NULL ELSE true END",
            name="noticed",
        ),
    )

    county: str = Field(primary_key=True, foreign_key="counties.county")
    period: str = Field(primary_key=True)
    book: str
    starts_on: date
    ends_on: date
    state: str
    epoch: int = Field(sa_column=Column(BigInteger, nullable=False))
    opened_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    revision: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    closed_at: datetime | None = _moment()
    closed_by: str | None = None
    people: int | None = None
    total_tenths: int | None = Field(sa_column=Column(BigInteger))
    published_on: date | None = None
    objections_until: date | None = None
    finalised_at: datetime | None = _moment()
