from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from registry.metadata import Row


class OrganisationRow(Row, table=True):
    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("kind IN ('bureau', 'branch', 'group', 'temporary')", name="kind"),
        CheckConstraint("revision >= version AND version >= 1", name="versions"),
    )

    county: str = Field(primary_key=True, foreign_key="counties.county")
    id: str = Field(primary_key=True)
    kind: str
    name: str
    founded_on: date
    host: str | None
    revision: int
    version: int


class OrganisationParentRow(Row, table=True):
    __tablename__ = "organisation_parents"
    __table_args__ = (
        ForeignKeyConstraint(["county", "organisation"], ["organisations.county", "organisations.id"]),
        ForeignKeyConstraint(["county", "parent"], ["organisations.county", "organisations.id"]),
        CheckConstraint("parent <> organisation", name="not_itself"),
        Index(None, "county", "parent"),
    )

    county: str = Field(primary_key=True)
    organisation: str = Field(primary_key=True)
    since: date = Field(primary_key=True)
    parent: str | None
