"""Users, and how often somebody failed to be one. An operator's `county` is empty, and so is an attempt's."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from registry.metadata import Row


class UserRow(Row, table=True):
    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("county", "login"),
        ForeignKeyConstraint(["county", "person"], ["people.county", "people.id"]),
        CheckConstraint(
            "role IN ('operator', 'county_admin', 'desk', 'recorder', 'mediator', 'member', 'auditor')", name="role"
        ),
        CheckConstraint("(role = 'operator') = (county = '')", name="operators_have_no_county"),
        CheckConstraint("(role = 'member') = (person IS NOT NULL)", name="members_are_somebody"),
    )

    county: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    login: str
    name: str
    role: str
    person: str | None
    password_hash: str
    must_change: bool
    active: bool
    etag: int
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class UserOrganisationRow(Row, table=True):
    """Where a recorder records: these organisations and what lies below them."""

    __tablename__ = "user_organisations"
    __table_args__ = (
        ForeignKeyConstraint(["county", "user"], ["users.county", "users.id"]),
        ForeignKeyConstraint(["county", "organisation"], ["organisations.county", "organisations.id"]),
        Index(None, "county", "organisation"),
    )

    county: str = Field(primary_key=True)
    user: str = Field(primary_key=True)
    organisation: str = Field(primary_key=True)


class SignInAttemptRow(Row, table=True):
    """Failures of one account or one address since `since`; keys are keyed hashes, so neither is kept."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (CheckConstraint("kind IN ('account', 'address')", name="kind"), Index(None, "since"))

    county: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    key: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    since: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    failures: int
