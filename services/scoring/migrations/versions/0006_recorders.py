"""Everybody who recorded what proposes a judgement is kept, and none of them confirms it."""

from alembic import op

revision = "0006"
down_revision = "0005"

UP = """
    ALTER TABLE judgements
        ADD COLUMN recorders VARCHAR[] NOT NULL DEFAULT '{}',
        DROP CONSTRAINT ck_judgements_two_people,
        ADD CONSTRAINT ck_judgements_two_people
            CHECK (state <> 'confirmed' OR decided_by <> proposed_by AND decided_by <> ALL (recorders))
"""
DOWN = """
    ALTER TABLE judgements
        DROP CONSTRAINT ck_judgements_two_people,
        ADD CONSTRAINT ck_judgements_two_people CHECK (state <> 'confirmed' OR decided_by <> proposed_by),
        DROP COLUMN recorders
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
