"""A year is objected to as well as a quarter, and an objection keeps what stood when it was filed."""

from alembic import op

revision = "0007"
down_revision = "0006"

UP = """
    ALTER TABLE objections
        DROP CONSTRAINT fk_objections_county_period,
        ADD COLUMN stood JSONB NOT NULL DEFAULT '{}'
"""
DOWN = (
    "DELETE FROM objections WHERE period NOT LIKE '%Q%'",
    """
    ALTER TABLE objections
        DROP COLUMN stood,
        ADD CONSTRAINT fk_objections_county_period FOREIGN KEY(county, period) REFERENCES periods (county, period)
    """,
)


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
