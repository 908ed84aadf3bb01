"""The bus's migrations, numbered: a service's own migration calls the steps it does not have yet, in order.

A step is never changed once released; `tests/libs/bus/test_steps.py` compares their sum with `bus.tables`.
"""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from kit.migrations import Operations, fence

# The worker's tables: row-level security without a policy shuts the api out, whatever it was granted.
_WORKERS_OWN = ("relay_log", "inbox", "positions", "attempts", "dead_letters")


def step_1(op: Operations) -> None:
    """Create the bus's tables, their fences, and the notification that wakes the relay."""
    _outbox(op)
    _consumers(op)
    _dead_letters(op)
    fence(op, ("journal",))
    for name in _WORKERS_OWN:
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE pending ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY add_only ON pending FOR INSERT WITH CHECK (true)")
    op.execute(_WAKE)
    op.execute(
        "CREATE TRIGGER wake_relay AFTER INSERT ON pending FOR EACH STATEMENT EXECUTE FUNCTION wake_relay()",
    )


def undo_step_1(op: Operations) -> None:
    """Drop everything that step 1 made."""
    for name in (*reversed(_WORKERS_OWN), "pending", "journal"):
        op.drop_table(name)
    op.execute("DROP FUNCTION wake_relay()")


STEPS: tuple[Callable[[Operations], None], ...] = (step_1,)


def grant_step_1(op: Operations, *, api: str, worker: str) -> None:
    """Narrow what a schema's default grants gave: the api publishes and no more; nobody changes the journal."""
    own = ", ".join(_WORKERS_OWN)
    op.execute(f"REVOKE ALL ON journal, pending, {own} FROM {api}, {worker}")
    op.execute(f"GRANT SELECT, INSERT ON journal TO {api}, {worker}")
    op.execute(f"GRANT INSERT ON pending TO {api}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON pending, {own} TO {worker}")


_WAKE = """
CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_TABLE_SCHEMA || '_pending', '');
    RETURN NULL;
END
$$
"""


def _outbox(op: Operations) -> None:
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("county", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("aggregateversion", sa.BigInteger, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("value", sa.LargeBinary),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.UniqueConstraint("topic", "subject", "aggregateversion", name="uq_journal_subject_version"),
    )
    op.create_table("pending", sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False))
    # A queue: its dead rows are read over at every look, so they go soon.
    op.execute("ALTER TABLE pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)")
    op.create_table(
        "relay_log",
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("acknowledged", sa.BigInteger, nullable=False),
    )


def _consumers(op: Operations) -> None:
    op.create_table(
        "inbox",
        sa.Column("group_name", sa.Text, primary_key=True),
        sa.Column("event_id", UUID(as_uuid=False), primary_key=True),
    )
    op.create_table(
        "positions",
        sa.Column("group_name", sa.Text, primary_key=True),
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
        sa.Column("last_timestamp", sa.BigInteger),
        sa.Column("last_hash", sa.LargeBinary),
        sa.Column("begun", sa.Integer, nullable=False, server_default=sa.text("0")),
    )
    op.create_table(
        "attempts",
        sa.Column("group_name", sa.Text, primary_key=True),
        sa.Column("event_id", UUID(as_uuid=False), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )


def _dead_letters(op: Operations) -> None:
    op.create_table(
        "dead_letters",
        sa.Column("group_name", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("event_id", UUID(as_uuid=False)),
        sa.Column("handler", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("diverted_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'open'")),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.Text),
        sa.CheckConstraint("state IN ('open', 'replayed', 'discarded')", name="ck_dead_letters_state"),
    )
    op.create_index("ix_dead_letters_open", "dead_letters", ["group_name"], postgresql_where=sa.text("state = 'open'"))
