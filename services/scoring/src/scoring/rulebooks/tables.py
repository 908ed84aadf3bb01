"""Rule books: drafts that are still talked about, and what was adopted, word for word and for ever."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from scoring.metadata import Row


class BookRow(Row, table=True):
    """`revision` counts every change of the row, `told` the events published of it; `version` is the book's own."""

    __tablename__ = "books"
    __table_args__ = (
        # Two drafts of one version may lie side by side; only one of them is ever adopted.
        Index(
            "uq_books_county_word_version",
            "county", "word", "version",
            unique=True,
            postgresql_where=text("state = 'adopted'"),
        ),
        CheckConstraint("version >= 1 AND revision >= 1 AND told >= 0", name="counted"),
        CheckConstraint("state IN ('draft', 'adopted', 'discarded')", name="state"),
        CheckConstraint(
            "(state = 'adopted') = (adopted_by IS NOT NULL AND adopted_at IS NOT NULL AND told > 0)", name="adopted"
        ),
        CheckConstraint(
            "(state = 'discarded') = (discarded_by IS NOT NULL AND discarded_at IS NOT NULL)", name="discarded"
        ),
        # Before there were drafts a book was drafted and adopted in one step, at one moment.
        CheckConstraint("adopted_by <> drafted_by OR drafted_at = adopted_at", name="two_people"),
    )  # fmt: skip

    county: str = Field(primary_key=True, foreign_key="counties.county")
    id: str = Field(primary_key=True)
    word: str
    version: int
    starts_on: date
    document: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    revision: int
    told: int
    state: str
    drafted_by: str
    drafted_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    adopted_by: str | None = None
    adopted_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
    discarded_by: str | None = None
    discarded_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
