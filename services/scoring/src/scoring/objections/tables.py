"""Objections and their answers, filed for ever. The statement and the reason are on no topic and in no log."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from scoring.metadata import Row


class ObjectionRow(Row, table=True):
    """The version is 1 when it was filed and 2 when it was answered. The period is a quarter or a year.

    `stood`: the versions that the person's entries and registered facts of that span had when it was filed.
    """

    __tablename__ = "objections"
    __table_args__ = (
        ForeignKeyConstraint(["county", "person"], ["accounts.county", "accounts.person"]),
        Index(
            "uq_objections_open",
            "county", "person", "period",
            unique=True,
            postgresql_where=text("state = 'filed'"),
        ),
        Index("ix_objections_county_period", "county", "period"),
        CheckConstraint("state IN ('filed', 'upheld', 'declined')", name="state"),
        CheckConstraint("version = CASE state WHEN 'filed' THEN 1 ELSE 2 END", name="counted"),
        CheckConstraint("(origin = 'proxy') = (on_behalf_of IS NOT NULL)", name="a_proxy_names_for_whom"),
        CheckConstraint("(state = 'filed') = (answered_by IS NULL)", name="answered"),
        CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL) AND (answered_by IS NULL) = (reason IS NULL)",
            name="reasoned",
        ),
        CheckConstraint("answered_by <> filed_by", name="two_people"),
        CheckConstraint("(state = 'upheld') = (correction IS NOT NULL)", name="corrected"),
    )  # fmt: skip

    county: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    person: str
    period: str
    filed_on: date
    filed_by: str
    filed_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    origin: str
    on_behalf_of: str | None = None
    statement: str
    state: str
    version: int
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
    reason: str | None = None
    correction: str | None = None
    stood: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, server_default=text("'{}'")))
