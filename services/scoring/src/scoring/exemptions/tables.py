"""Who was exempted from when to when, and by which decision. The days alone are known outside this table."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index
from sqlmodel import Field

from scoring.metadata import Row


class ExemptionRow(Row, table=True):
    """`until` is the first day no longer exempt; `version` counts its events."""

    __tablename__ = "exemptions"
    __table_args__ = (
        ForeignKeyConstraint(["county", "person"], ["accounts.county", "accounts.person"]),
        CheckConstraint("state IN ('granted', 'withdrawn')", name="state"),
        CheckConstraint("until IS NULL OR since < until", name="days"),
        CheckConstraint("version >= 1", name="counted"),
        CheckConstraint("state = 'granted' OR version > 1", name="once_granted"),
        CheckConstraint("(version = 1) = (changed_by IS NULL)", name="changed"),
        CheckConstraint("(changed_by IS NULL) = (changed_at IS NULL)", name="changed_at"),
        CheckConstraint("decision <> ''", name="decision"),
        Index("ix_exemptions_person", "county", "person"),
    )

    county: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    person: str
    since: date
    until: date | None = None
    decision: str
    state: str
    version: int
    granted_by: str
    granted_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    changed_by: str | None = None
    changed_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
