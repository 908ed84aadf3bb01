from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from registry.metadata import Row


class MembershipHistoryRow(Row, table=True):
    """One a person who ever belonged somewhere: the version of what was published of it."""

    __tablename__ = "membership_histories"
    __table_args__ = (
        ForeignKeyConstraint(["county", "person"], ["people.county", "people.id"]),
        CheckConstraint("version >= 1", name="version"),
    )

    county: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    version: int


class MembershipRow(Row, table=True):
    __tablename__ = "memberships"
    __table_args__ = (
        ForeignKeyConstraint(["county", "person"], ["membership_histories.county", "membership_histories.person"]),
        ForeignKeyConstraint(["county", "organisation"], ["organisations.county", "organisations.id"]),
        CheckConstraint("kind IN ('home', 'further')", name="kind"),
        CheckConstraint("until > since", name="ends_after_it_begins"),
        Index(
            "uq_memberships_one_open_home",
            "county",
            "person",
            unique=True,
            postgresql_where=text("kind = 'home' AND until IS NULL"),
        ),
        Index(None, "county", "organisation", "person"),
    )

    county: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    organisation: str = Field(primary_key=True)
    since: date = Field(primary_key=True)
    kind: str
    until: date | None


class CommitteeSeatRow(Row, table=True):
    """Who sits in a branch's committee: whom an absence from its meetings can be charged to."""

    __tablename__ = "committee_seats"
    __table_args__ = (
        ForeignKeyConstraint(["county", "person"], ["people.county", "people.id"]),
        ForeignKeyConstraint(["county", "organisation"], ["organisations.county", "organisations.id"]),
        CheckConstraint("until > since", name="ends_after_it_begins"),
        Index(
            "uq_committee_seats_one_open_seat",
            "county",
            "organisation",
            "person",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
    )

    county: str = Field(primary_key=True)
    organisation: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    since: date = Field(primary_key=True)
    until: date | None
