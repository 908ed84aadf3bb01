"""Every table of registry; 0001_books.sql beside this file creates its own."""

from pathlib import Path

from alembic import op

from bus import steps as bus_steps
from kit import migrations as kit_steps

revision = "0001"
down_revision = None

API, WORKER = "registry_api", "registry_worker"

# Who signs in names a county before belonging to one, so every request may read which counties there are.
COUNTIES = ("counties", "county_codes")
FENCED = (
    "sign_in_attempts",
    "activities",
    "organisations",
    "people",
    "rosters",
    "taxonomies",
    "activity_hosts",
    "attendance",
    "committee_seats",
    "membership_histories",
    "organisation_parents",
    "person_codes",
    "taxonomy_codes",
    "users",
    "memberships",
    "user_organisations",
)

# What was adopted or uploaded is a record, not a draft.
KEPT = ("taxonomies", "taxonomy_codes", "rosters")


def upgrade() -> None:
    kit_steps.step_1(op)
    bus_steps.step_1(op)
    for statement in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
    kit_steps.fence(op, FENCED)
    for name in COUNTIES:
        _fence_for_operators(name)
    kit_steps.append_only(op, KEPT)
    bus_steps.grant_step_1(op, api=API, worker=WORKER)


def downgrade() -> None:
    for name in (*reversed(FENCED), *reversed(COUNTIES)):
        op.execute(f"DROP TABLE {name}")
    bus_steps.undo_step_1(op)
    op.execute("DROP TABLE audit, idempotency")


def _fence_for_operators(name: str) -> None:
    """Only a request that belongs to no county may write."""
    operators = "(SELECT current_setting('app.county', true)) = ''"
    op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY everybody_reads ON {name} FOR SELECT USING (true)")
    op.execute(f"CREATE POLICY operators_write ON {name} USING ({operators}) WITH CHECK ({operators})")
