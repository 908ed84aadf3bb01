"""A posted list is kept as it was posted, so that an old record can be read with the list of its day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from registry.metadata import Row


class TaxonomyRow(Row, table=True):
    __tablename__ = "taxonomies"
    __table_args__ = (UniqueConstraint("county", "id"),)

    county: str = Field(primary_key=True, foreign_key="counties.county")
    name: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    id: str
    adopted_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    adopted_by: str


class TaxonomyCodeRow(Row, table=True):
    __tablename__ = "taxonomy_codes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["county", "taxonomy", "version"], ["taxonomies.county", "taxonomies.name", "taxonomies.version"]
        ),
        CheckConstraint("until > since", name="ends_after_it_begins"),
        CheckConstraint("due IN ('all', 'committee', 'group', 'none')", name="due"),
        CheckConstraint("(taxonomy = 'activity-kind') = (due IS NOT NULL)", name="kinds_say_who_is_due"),
    )

    county: str = Field(primary_key=True)
    taxonomy: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    code: str = Field(primary_key=True)
    place: int
    name: str
    since: date | None
    until: date | None
    due: str | None
    party_life: bool
    successor: str | None
