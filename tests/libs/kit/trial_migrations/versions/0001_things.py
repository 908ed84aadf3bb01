"""The tables of a trial service: kit's own and one of the service."""

from alembic import op

from kit import migrations

revision = "0001"
down_revision = None


def upgrade() -> None:
    migrations.step_1(op)
    op.execute("""
        CREATE TABLE thing (
            county text NOT NULL, id text NOT NULL, twin text REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED,
            PRIMARY KEY (id)
        )""")
    migrations.fence(op, ("thing",))


def downgrade() -> None:
    for table in ("thing", "audit", "idempotency"):
        op.execute(f"DROP TABLE {table}")
