"""Counties as scoring sees them, and the quarters that each has opened."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKeyConstraint, text
from sqlmodel import Field

from scoring.metadata import Row


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
    __tablename__ = "periods"
    __table_args__ = (
        ForeignKeyConstraint(["county", "book"], ["books.county", "books.id"]),
        CheckConstraint("state = 'open'", name="state"),
        CheckConstraint("starts_on < ends_on", name="days"),
    )

    county: str = Field(primary_key=True, foreign_key="counties.county")
    period: str = Field(primary_key=True)
    book: str
    starts_on: date
    ends_on: date
    state: str
    epoch: int = Field(sa_column=Column(BigInteger, nullable=False))
    opened_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
