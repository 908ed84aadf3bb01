"""Notices as they were published: people in the order of their ids, points or grades, and nothing that took away."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from scoring.metadata import Row


class NoticeRow(Row, table=True):
    """One branch's quarter or year. A notice that was withdrawn is kept; at most one of a branch and quarter stands."""

    __tablename__ = "notices"
    __table_args__ = (
        ForeignKeyConstraint(["county", "branch"], ["organisations.county", "organisations.id"]),
        Index(
            "uq_notices_standing", "county", "period", "branch",
            unique=True, postgresql_where=text("state = 'published'"),
        ),
        CheckConstraint("state IN ('published', 'withdrawn')", name="state"),
        CheckConstraint("revision = CASE state WHEN 'published' THEN 1 ELSE 2 END", name="counted"),
        CheckConstraint("shows IN ('points', 'grades')", name="shows"),
        CheckConstraint("window_days >= 1 AND published_on < objections_until", name="window"),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_by IS NOT NULL) AND (withdrawn_by IS NULL) = (withdrawn_at IS NULL)",
            name="withdrawn",
        ),
    )  # fmt: skip

    county: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    period: str  # a quarter, or a year such as 2022
    branch: str
    published_on: date
    window_days: int
    objections_until: date
    shows: str
    board: str | None = None
    people: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    state: str
    revision: int
    published_by: str
    published_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
