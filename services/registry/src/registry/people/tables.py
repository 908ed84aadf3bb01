"""People, and the dated codes of each. What identifies a person is sealed; its keyed hash finds it again."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from registry.metadata import Row


class PersonRow(Row, table=True):
    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("kind IN ('lixiu', 'tuixiu', 'enterprise', 'member', 'staff')", name="kind"),
        CheckConstraint("kind <> 'member' OR party_member", name="member_in_party"),
        CheckConstraint("residence IN ('urban', 'rural')", name="residence"),
        CheckConstraint("status IN ('active', 'moved', 'died')", name="status"),
        CheckConstraint("status = 'active' OR status_since IS NOT NULL", name="status_dated"),
        CheckConstraint("version >= 1 AND etag >= 1", name="counted"),
        CheckConstraint("(identity_sealed IS NULL) = (identity_index IS NULL)", name="identity_findable"),
        CheckConstraint("(phone_sealed IS NULL) = (phone_index IS NULL)", name="phone_findable"),
        CheckConstraint("(address_sealed IS NULL) = (address_index IS NULL)", name="address_comparable"),
        ForeignKeyConstraint(["county", "merged_into"], ["people.county", "people.id"]),
        CheckConstraint("merged_into <> id", name="merged_elsewhere"),
        Index("uq_people_county_identity_index", "county", "identity_index", unique=True),
        Index("ix_people_county_phone_index", "county", "phone_index"),
        Index("ix_people_county_name", "county", "name"),
    )

    county: str = Field(primary_key=True, foreign_key="counties.county")
    id: str = Field(primary_key=True)
    name: str
    kind: str
    party_member: bool
    rank: str | None = None
    township: str | None = None
    residence: str | None = None
    status: str
    status_since: date | None = None
    statuses: list[dict[str, str]] = Field(sa_column=Column(JSONB, nullable=False))  # the last one is `status`
    merged_into: str | None = None  # the entry of the same person that goes on
    version: int
    etag: int
    identity_sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    identity_index: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    phone_sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    phone_index: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    address_sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    address_index: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    registered_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class PersonCodeRow(Row, table=True):
    """A class or capacity code from a day on, and who confirmed it."""

    __tablename__ = "person_codes"
    __table_args__ = (
        ForeignKeyConstraint(["county", "person"], ["people.county", "people.id"]),
        CheckConstraint("scheme IN ('class', 'capacity')", name="scheme"),
    )

    county: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    scheme: str = Field(primary_key=True)
    since: date = Field(primary_key=True)
    code: str
    confirmed_by: str
