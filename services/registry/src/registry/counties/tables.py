"""Counties, each a tenant. Its row's `county` is its own id; the GB/T 2260 number is dated and no key."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, DateTime
from sqlmodel import Field

from registry.metadata import Row


class CountyRow(Row, table=True):
    __tablename__ = "counties"
    __table_args__ = (
        CheckConstraint("version >= 1", name="counted"),
        CheckConstraint("word ~ '^[a-z][a-z0-9-]{1,31}$'", name="word"),
    )

    county: str = Field(primary_key=True)
    word: str = Field(unique=True)
    name: str
    version: int
    established_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class CountyCodeRow(Row, table=True):
    __tablename__ = "county_codes"
    __table_args__ = (CheckConstraint("code ~ '^[0-9]{6}$'", name="code"),)

    county: str = Field(primary_key=True, foreign_key="counties.county")
    since: date = Field(primary_key=True)
    code: str
