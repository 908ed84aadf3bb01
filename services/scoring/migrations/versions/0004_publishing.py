"""What is published once a quarter is closed: the branches' notices, the year's evaluation."""

from alembic import op

from kit import migrations as kit_steps

revision = "0004"
down_revision = "0003"

TABLES = ("notices", "years", "evaluations")
API, WORKER = "scoring_api", "scoring_worker"

UP = (
    """
    ALTER TABLE periods
        ADD CONSTRAINT ck_periods_counted CHECK (revision >= 1),
        ADD CONSTRAINT ck_periods_window
            CHECK ((published_on IS NULL) = (objections_until IS NULL) AND published_on < objections_until),
        ADD CONSTRAINT ck_periods_noticed CHECK (
            CASE state WHEN 'open' THEN published_on IS NULL WHEN 'final' THEN published_on IS NOT NULL ELSE true END
        )
    """,
    """
    CREATE TABLE notices (
        county VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        period VARCHAR NOT NULL,
        branch VARCHAR NOT NULL,
        published_on DATE NOT NULL,
        window_days INTEGER NOT NULL,
        objections_until DATE NOT NULL,
        shows VARCHAR NOT NULL,
        board VARCHAR,
        people JSONB NOT NULL,
        state VARCHAR NOT NULL,
        revision INTEGER NOT NULL,
        published_by VARCHAR NOT NULL,
        published_at timestamptz NOT NULL,
        withdrawn_by VARCHAR,
        withdrawn_at timestamptz,
        CONSTRAINT pk_notices PRIMARY KEY (county, id),
        CONSTRAINT fk_notices_county_branch FOREIGN KEY(county, branch) REFERENCES organisations (county, id),
        CONSTRAINT ck_notices_state CHECK (state IN ('published', 'withdrawn')),
        CONSTRAINT ck_notices_counted CHECK (revision = CASE state WHEN 'published' THEN 1 ELSE 2 END),
        CONSTRAINT ck_notices_shows CHECK (shows IN ('points', 'grades')),
        CONSTRAINT ck_notices_window CHECK (window_days >= 1 AND published_on < objections_until),
        CONSTRAINT ck_notices_withdrawn CHECK (
            (state = 'withdrawn') = (withdrawn_by IS NOT NULL) AND (withdrawn_by IS NULL) = (withdrawn_at IS NULL)
        )
    )
    """,
    "CREATE UNIQUE INDEX uq_notices_standing ON notices (county, period, branch) WHERE state = 'published'",
    """
    CREATE TABLE years (
        county VARCHAR NOT NULL,
        year INTEGER NOT NULL,
        book VARCHAR NOT NULL,
        people INTEGER NOT NULL,
        grades JSONB NOT NULL,
        published_on DATE NOT NULL,
        window_days INTEGER NOT NULL,
        objections_until DATE NOT NULL,
        evaluated_by VARCHAR NOT NULL,
        evaluated_at timestamptz NOT NULL,
        CONSTRAINT pk_years PRIMARY KEY (county, year),
        CONSTRAINT fk_years_county_book FOREIGN KEY(county, book) REFERENCES books (county, id),
        CONSTRAINT ck_years_counted CHECK (people >= 0),
        CONSTRAINT ck_years_window CHECK (window_days >= 1 AND published_on < objections_until)
    )
    """,
    """
    CREATE TABLE evaluations (
        county VARCHAR NOT NULL,
        year INTEGER NOT NULL,
        person VARCHAR NOT NULL,
        branch VARCHAR,
        quarters JSONB NOT NULL,
        total_tenths INTEGER NOT NULL,
        grade VARCHAR,
        CONSTRAINT pk_evaluations PRIMARY KEY (county, year, person),
        CONSTRAINT fk_evaluations_county_year FOREIGN KEY(county, year) REFERENCES years (county, year),
        CONSTRAINT fk_evaluations_county_person FOREIGN KEY(county, person) REFERENCES accounts (county, person),
        CONSTRAINT fk_evaluations_county_branch FOREIGN KEY(county, branch) REFERENCES organisations (county, id)
    )
    """,
)

GRANTS = (
    # All of it is published over HTTP; the worker only reads of it.
    f"REVOKE DELETE, TRUNCATE ON notices FROM {API}",
    # What was evaluated stays as it was told.
    f"REVOKE UPDATE, DELETE, TRUNCATE ON years, evaluations FROM {API}",
    f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {', '.join(TABLES)} FROM {WORKER}",
)

DOWN = (
    *(f"DROP TABLE {name}" for name in reversed(TABLES)),
    """
    ALTER TABLE periods
        DROP CONSTRAINT ck_periods_noticed, DROP CONSTRAINT ck_periods_window, DROP CONSTRAINT ck_periods_counted
    """,
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)
    kit_steps.fence(op, TABLES)
    for statement in GRANTS:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
