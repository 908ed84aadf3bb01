"""What a total also depends on: merges, exemptions, what was published at a close; and the api as a second writer."""

from alembic import op

revision = "0002"
down_revision = "0001"

API = "scoring_api"

UP = (
    """
    ALTER TABLE accounts
        ADD COLUMN merged_into VARCHAR,
        ADD COLUMN absorbed BOOLEAN DEFAULT false NOT NULL,
        ADD COLUMN exemptions JSONB DEFAULT '[]' NOT NULL,
        ADD COLUMN frozen JSONB DEFAULT '[]' NOT NULL,
        ADD COLUMN trues JSONB DEFAULT '{}' NOT NULL,
        ADD CONSTRAINT ck_accounts_not_itself CHECK (merged_into IS NULL OR merged_into <> person)
    """,
    # Merged accounts are few: a batch finds in this small index whether it names one.
    "CREATE INDEX ix_accounts_merged ON accounts (county, person) WHERE merged_into IS NOT NULL",
    """
    ALTER TABLE facts
        ADD COLUMN grade VARCHAR,
        ADD COLUMN tenth_hours INTEGER DEFAULT 0 NOT NULL,
        ADD COLUMN occurrence VARCHAR DEFAULT '' NOT NULL,
        ADD COLUMN recorded_by VARCHAR DEFAULT '' NOT NULL
    """,
    """
    ALTER TABLE cells
        ADD COLUMN vetoes INTEGER DEFAULT 0 NOT NULL,
        ADD COLUMN months JSONB DEFAULT '[]' NOT NULL,
        ADD COLUMN carried_tenths INTEGER DEFAULT 0 NOT NULL,
        ADD COLUMN vetoed BOOLEAN DEFAULT false NOT NULL,
        ADD COLUMN adjustments JSONB DEFAULT '{}' NOT NULL,
        ADD COLUMN published_tenths INTEGER
    """,
    """
    ALTER TABLE periods
        ADD COLUMN revision INTEGER DEFAULT 1 NOT NULL,
        ADD COLUMN closed_at timestamptz,
        ADD COLUMN closed_by VARCHAR,
        ADD COLUMN people INTEGER,
        ADD COLUMN total_tenths BIGINT,
        ADD COLUMN published_on DATE,
        ADD COLUMN objections_until DATE,
        ADD COLUMN finalised_at timestamptz,
        DROP CONSTRAINT ck_periods_state,
        ADD CONSTRAINT ck_periods_state CHECK (state IN ('open', 'closed', 'final')),
        ADD CONSTRAINT ck_periods_closed CHECK ((state = 'open') = (closed_at IS NULL)),
        ADD CONSTRAINT ck_periods_final CHECK (finalised_at IS NULL OR state = 'final')
    """,
    # Judgements, exemptions and closes come over HTTP and end in the same fold. A line is still never changed.
    f"GRANT INSERT, UPDATE ON accounts, facts, cells TO {API}",
    f"GRANT INSERT ON lines, counties TO {API}",
    f"GRANT UPDATE ON periods TO {API}",
)

DOWN = (
    f"REVOKE UPDATE ON periods FROM {API}",
    f"REVOKE INSERT ON lines, counties FROM {API}",
    f"REVOKE INSERT, UPDATE ON accounts, facts, cells FROM {API}",
    """
    ALTER TABLE periods
        DROP CONSTRAINT ck_periods_state,
        DROP COLUMN revision, DROP COLUMN closed_at, DROP COLUMN closed_by, DROP COLUMN people,
        DROP COLUMN total_tenths, DROP COLUMN published_on, DROP COLUMN objections_until, DROP COLUMN finalised_at,
        ADD CONSTRAINT ck_periods_state CHECK (state = 'open')
    """,
    """
    ALTER TABLE cells
        DROP COLUMN vetoes, DROP COLUMN months, DROP COLUMN carried_tenths, DROP COLUMN vetoed,
        DROP COLUMN adjustments, DROP COLUMN published_tenths
    """,
    """
    ALTER TABLE facts
        DROP COLUMN grade, DROP COLUMN tenth_hours, DROP COLUMN occurrence, DROP COLUMN recorded_by
    """,
    "DROP INDEX ix_accounts_merged",
    """
    ALTER TABLE accounts
        DROP COLUMN merged_into, DROP COLUMN absorbed, DROP COLUMN exemptions, DROP COLUMN frozen, DROP COLUMN trues
    """,
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
