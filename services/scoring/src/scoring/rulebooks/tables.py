"""Adopted rule books: the document as it was posted, for ever."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from scoring.metadata import Row


class BookRow(Row, table=True):
    """`revision` counts the events published of this book; `version` is the book's own."""

    __tablename__ = "books"
    __table_args__ = (
        UniqueConstraint("county", "word", "version"),
        CheckConstraint("version >= 1 AND revision >= 1", name="counted"),
    )

    county: str = Field(primary_key=True, foreign_key="counties.county")
    id: str = Field(primary_key=True)
    word: str
    version: int
    starts_on: date
    document: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    revision: int
    adopted_by: str
    adopted_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
