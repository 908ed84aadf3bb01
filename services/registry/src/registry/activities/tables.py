from datetime import datetime

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index
from sqlmodel import Field

from registry.metadata import Row


def _moment() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False)


class ActivityRow(Row, table=True):
    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint("ends > starts", name="ends_after_it_starts"),
        CheckConstraint("mode IN ('assembled', 'online', 'delivered')", name="mode"),
        CheckConstraint("(state = 'open' AND version = 0) OR (state = 'held' AND version >= 1)", name="state"),
        CheckConstraint("due >= 0 AND attended >= 0 AND excused >= 0 AND missed >= 0", name="counts"),
        Index(None, "county", "starts", "id"),
    )

    county: str = Field(primary_key=True, foreign_key="counties.county")
    id: str = Field(primary_key=True)
    kind: str
    theme: str | None
    mode: str
    place: str | None
    starts: datetime = Field(sa_column=_moment())
    ends: datetime = Field(sa_column=_moment())
    state: str
    due: int
    attended: int
    excused: int
    missed: int
    revision: int
    version: int


class ActivityHostRow(Row, table=True):
    __tablename__ = "activity_hosts"
    __table_args__ = (
        ForeignKeyConstraint(["county", "activity"], ["activities.county", "activities.id"]),
        ForeignKeyConstraint(["county", "organisation"], ["organisations.county", "organisations.id"]),
        Index(None, "county", "organisation"),
    )

    county: str = Field(primary_key=True)
    activity: str = Field(primary_key=True)
    organisation: str = Field(primary_key=True)
    place: int  # in the order of the list of hosts


class AttendanceRow(Row, table=True):
    """One line of an activity's list. Version 0: nobody has heard of it."""

    __tablename__ = "attendance"
    __table_args__ = (
        ForeignKeyConstraint(["county", "activity"], ["activities.county", "activities.id"]),
        ForeignKeyConstraint(["county", "person"], ["people.county", "people.id"]),
        ForeignKeyConstraint(["county", "on_behalf_of"], ["people.county", "people.id"]),
        CheckConstraint("outcome IN ('attended', 'excused', 'missed', 'withdrawn')", name="outcome"),
        CheckConstraint("origin IN ('self', 'desk', 'phone', 'proxy', 'paper', 'import', 'device')", name="origin"),
        CheckConstraint("(origin = 'proxy') = (on_behalf_of IS NOT NULL)", name="a_proxy_names_for_whom"),
        CheckConstraint("version >= 0", name="version"),
        Index(None, "county", "person"),
    )

    county: str = Field(primary_key=True)
    activity: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    outcome: str
    origin: str
    on_behalf_of: str | None
    version: int
    recorded_at: datetime = Field(sa_column=_moment())
    recorded_by: str
