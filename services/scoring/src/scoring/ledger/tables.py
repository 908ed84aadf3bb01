"""The ledger: an account is the row that is locked; facts, cells and lines lie below it.

Every amount is in tenths of a point. The worker and the api both write these tables, under the account's lock.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from scoring.metadata import Row


def _counter() -> Any:
    return Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))


def _json(empty: str) -> Any:
    return Field(sa_column=Column(JSONB, nullable=False, server_default=text(f"'{empty}'")))


def _whole() -> Any:
    return Field(default=0, sa_column_kwargs={"server_default": text("0")})


def _no() -> Any:
    return Field(default=False, sa_column_kwargs={"server_default": text("false")})


def _word() -> Any:
    return Field(default="", sa_column_kwargs={"server_default": text("''")})


class AccountRow(Row, table=True):
    """Person, memberships and what was published, in one row, so that one lock covers all that a total depends on."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("version >= 0 AND person_version >= 0 AND membership_version >= 0", name="counted"),
        CheckConstraint("merged_into IS NULL OR merged_into <> person", name="not_itself"),
        Index("ix_accounts_county_epoch", "county", "epoch"),
        Index("ix_accounts_merged", "county", "person", postgresql_where=text("merged_into IS NOT NULL")),
    )

    county: str = Field(primary_key=True, foreign_key="counties.county")
    person: str = Field(primary_key=True)
    version: int = _counter()
    epoch: int = _counter()
    person_version: int = _counter()
    classes: list[dict[str, Any]] = _json("[]")
    absences: list[dict[str, Any]] = _json("[]")
    membership_version: int = _counter()
    memberships: list[dict[str, Any]] = _json("[]")
    branch: str | None = None
    totals: list[dict[str, Any]] = _json("[]")
    booked_on: date | None = None
    booked_tenths: int = _whole()
    merged_into: str | None = None
    absorbed: bool = _no()
    exemptions: list[dict[str, Any]] = _json("[]")
    frozen: list[dict[str, Any]] = _json("[]")
    # Of every closed period that the person is in scope of: what it comes to with all that arrived since.
    trues: dict[str, Any] = _json("{}")


class FactRow(Row, table=True):
    __tablename__ = "facts"
    __table_args__ = (
        ForeignKeyConstraint(["county", "person"], ["accounts.county", "accounts.person"]),
        CheckConstraint("version >= 1", name="counted"),
    )

    county: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    version: int = Field(sa_column=Column(BigInteger, nullable=False))
    event: str
    kind: str
    theme: str | None = None
    mode: str
    day: date
    period: str
    withdrawn: bool
    grade: str | None = None
    tenth_hours: int = _whole()
    occurrence: str = _word()
    recorded_by: str = _word()


class CellRow(Row, table=True):
    """One person's quarter. `sums` is what the lines add up to; the points are its clamps, kept for the lists.

    Of a closed quarter `total_tenths` is the true own sum, and `published_tenths` what its close published.
    """

    __tablename__ = "cells"
    __table_args__ = (
        ForeignKeyConstraint(["county", "person"], ["accounts.county", "accounts.person"]),
        ForeignKeyConstraint(["county", "period"], ["periods.county", "periods.period"]),
        ForeignKeyConstraint(["county", "book"], ["books.county", "books.id"]),
        # No index on (county, period): before the first ANALYZE the foreign key of `lines` is checked through it.
    )

    county: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    book: str
    in_scope: bool
    sums: dict[str, Any] = _json("{}")
    base_tenths: int
    aspects: dict[str, Any] = _json("{}")
    total_tenths: int
    vetoes: int = _whole()
    months: list[str] = _json("[]")
    carried_tenths: int = _whole()
    vetoed: bool = _no()
    adjustments: dict[str, Any] = _json("{}")
    published_tenths: int | None = None


class LineRow(Row, table=True):
    """Written once, never changed, and reversed at most once."""

    __tablename__ = "lines"
    __table_args__ = (
        ForeignKeyConstraint(["county", "person", "period"], ["cells.county", "cells.person", "cells.period"]),
        ForeignKeyConstraint(["county", "person", "fact"], ["facts.county", "facts.person", "facts.subject"]),
        ForeignKeyConstraint(["county", "reverses"], ["lines.county", "lines.id"]),
        Index("ix_lines_cell", "county", "person", "period"),
        Index("uq_lines_reverses", "county", "reverses", unique=True, postgresql_where=text("reverses IS NOT NULL")),
    )

    county: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    person: str
    period: str
    book: str
    item: str
    aspect: str | None = None
    month: str
    value_tenths: int
    fact: str | None = None
    reverses: str | None = None
    written_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
