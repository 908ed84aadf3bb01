"""The bus's tables, which every service has in its own schema: metadata here, migrations in `bus.steps`."""

import datetime
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import UUID


@dataclass(frozen=True, slots=True)
class BusTables:
    """Journal and pending are the outbox, relay_log is the relay's memory; the others are the consumers'."""

    journal: Table
    pending: Table
    relay_log: Table
    inbox: Table
    positions: Table
    attempts: Table
    dead_letters: Table


def tables(metadata: MetaData) -> BusTables:
    """Add the bus's tables to a service's metadata."""
    return BusTables(
        _journal(metadata),
        # Narrow and nearly always empty: what is committed and not yet acknowledged by Kafka.
        Table("pending", metadata, Column("id", BigInteger, primary_key=True, autoincrement=False)),
        _relay_log(metadata),
        _inbox(metadata),
        _positions(metadata),
        _attempts(metadata),
        _dead_letters(metadata),
    )


def _journal(metadata: MetaData) -> Table:
    """Everything this service ever published, kept for ever; an erasure blanks `value`, and no row is removed."""
    return Table(
        "journal",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("county", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("aggregateversion", BigInteger, nullable=False),
        Column("type", Text, nullable=False),
        Column("value", LargeBinary),
        _now("recorded_at"),
        # A forgotten row lock becomes an error here instead of an inversion there.
        UniqueConstraint("topic", "subject", "aggregateversion", name="uq_journal_subject_version"),
    )


def _relay_log(metadata: MetaData) -> Table:
    return Table(
        "relay_log",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("partition", Integer, primary_key=True),
        Column("acknowledged", BigInteger, nullable=False),
    )


def _inbox(metadata: MetaData) -> Table:
    """Which events a group has applied or had discarded. Never pruned: Kafka keeps everything, so must this."""
    return Table(
        "inbox",
        metadata,
        Column("group_name", Text, primary_key=True),
        Column("event_id", UUID(as_uuid=False), primary_key=True),
    )


def _positions(metadata: MetaData) -> Table:
    """How far a group has applied each partition. The last record's stamp and hash tell a lost log from ours."""
    return Table(
        "positions",
        metadata,
        Column("group_name", Text, primary_key=True),
        Column("topic", Text, primary_key=True),
        Column("partition", Integer, primary_key=True),
        Column("next_offset", BigInteger, nullable=False),
        Column("last_timestamp", BigInteger),
        Column("last_hash", LargeBinary),
        # How many processes began the batch that starts here and did not finish it.
        Column("begun", Integer, nullable=False, server_default=text("0")),
    )


def _attempts(metadata: MetaData) -> Table:
    """How often an event was tried alone; written before the attempt, so that one that kills its process counts too."""
    return Table(
        "attempts",
        metadata,
        Column("group_name", Text, primary_key=True),
        Column("event_id", UUID(as_uuid=False), primary_key=True),
        Column("count", Integer, nullable=False),
    )


def _dead_letters(metadata: MetaData) -> Table:
    """What was set aside, and what became of it. The bytes are in Kafka; here are only places, reasons and names."""
    return Table(
        "dead_letters",
        metadata,
        Column("group_name", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("offset", BigInteger, nullable=False),
        Column("event_id", UUID(as_uuid=False)),
        Column("handler", Text, nullable=False),
        Column("reason", Text, nullable=False),
        _now("diverted_at"),
        Column("state", Text, nullable=False, server_default=text("'open'")),
        Column("settled_at", DateTime(timezone=True)),
        Column("settled_by", Text),
        CheckConstraint("state IN ('open', 'replayed', 'discarded')", name="ck_dead_letters_state"),
        Index("ix_dead_letters_open", "group_name", postgresql_where=text("state = 'open'")),
    )


def _now(name: str) -> Column[datetime.datetime]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())
