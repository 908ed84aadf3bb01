"""What people judged: appraisals, deductions, vetoes, from the proposal on. What was said of it stays in this table."""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index, String, text
from sqlmodel import Field

from scoring.metadata import Row


class JudgementRow(Row, table=True):
    """`told` counts its events; each confirmation and each withdrawal of what counted is one."""

    __tablename__ = "judgements"
    __table_args__ = (
        ForeignKeyConstraint(["county", "person"], ["accounts.county", "accounts.person"]),
        ForeignKeyConstraint(["county", "period"], ["periods.county", "periods.period"]),
        CheckConstraint("kind IN ('appraisal', 'deduction', 'veto')", name="kind"),
        CheckConstraint("state IN ('proposed', 'confirmed', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(kind = 'appraisal') = (grade IS NOT NULL)", name="grade"),
        CheckConstraint("kind = 'appraisal' OR month IS NULL", name="month"),
        CheckConstraint("kind <> 'appraisal' OR source IS NULL", name="source"),
        CheckConstraint("told >= 0 AND (told % 2 = 1) = (state = 'confirmed')", name="told"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'proposed' OR decided_by IS NULL", name="undecided"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'refused') OR decided_by IS NOT NULL", name="by_somebody"
        ),
        CheckConstraint(
            "state <> 'confirmed' OR decided_by <> proposed_by AND decided_by <> ALL (recorders)", name="two_people"
        ),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        CheckConstraint("withdrawn_by IS NULL OR withdrawn_at IS NOT NULL", name="withdrawn_by"),
        Index(
            "uq_judgements_appraised", "county", "person", "item", "period", text("coalesce(month, '')"),
            unique=True, postgresql_where=text("kind = 'appraisal' AND state IN ('proposed', 'confirmed')"),
        ),
        Index("ix_judgements_source", "county", "source", postgresql_where=text("source IS NOT NULL")),
        Index("ix_judgements_proposed", "county", "period", postgresql_where=text("state = 'proposed'")),
        Index("ix_judgements_person", "county", "person"),
    )  # fmt: skip

    county: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    person: str  # whom it was made for; who was merged since is another one's account
    kind: str
    item: str
    grade: str | None = None
    period: str
    month: str | None = None
    day: date
    source: str | None = None  # the subject of the event that proposed it
    state: str
    told: int
    proposed_by: str
    recorders: list[str] = Field(sa_column=Column(ARRAY(String), nullable=False, server_default="{}"))
    proposed_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
    withdrawn_by: str | None = None  # null: what it rested on is gone, or its day is exempt
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
    grounds: str | None = None  # why it was proposed
    reason: str | None = None  # why it was refused or withdrawn
