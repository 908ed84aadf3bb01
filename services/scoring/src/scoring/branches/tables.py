"""Organisations as scoring needs them: what lies under what. No names; those are registry's."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from scoring.metadata import Row


class OrganisationRow(Row, table=True):
    """Version 0: somebody is a member of it, and it has not been told of yet."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("version >= 0", name="counted"),)

    county: str = Field(primary_key=True, foreign_key="counties.county")
    id: str = Field(primary_key=True)
    version: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    kind: str | None = None
    parents: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False, server_default=text("'[]'")))
