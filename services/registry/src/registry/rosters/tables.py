"""Uploaded rosters: what was found, never what stood in a cell."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Column, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from registry.metadata import Row


class RosterRow(Row, table=True):
    __tablename__ = "rosters"
    __table_args__ = (CheckConstraint("dry_run OR faults = '[]'", name="all_or_nothing"),)

    county: str = Field(primary_key=True, foreign_key="counties.county")
    id: str = Field(primary_key=True)
    dry_run: bool
    registered: int
    changed: int
    unchanged: int
    ignored: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    faults: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    uploaded_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    uploaded_by: str
