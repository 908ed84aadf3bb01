"""Counties, organisations, books and periods; accounts with facts, cells and lines; what bus and kit bring along."""

from alembic import op

from bus import steps as bus_steps
from kit import migrations as kit_steps

revision = "0001"
down_revision = None

TABLES = ("counties", "accounts", "books", "organisations", "facts", "periods", "cells", "lines")
API, WORKER = "scoring_api", "scoring_worker"

CREATE = (
    """
    CREATE TABLE counties (
        county VARCHAR NOT NULL,
        version BIGINT DEFAULT 0 NOT NULL,
        word VARCHAR,
        epoch BIGINT DEFAULT 0 NOT NULL,
        CONSTRAINT pk_counties PRIMARY KEY (county),
        CONSTRAINT ck_counties_counted CHECK (version >= 0 AND epoch >= 0)
    )
    """,
    """
    CREATE TABLE accounts (
        county VARCHAR NOT NULL,
        person VARCHAR NOT NULL,
        version BIGINT DEFAULT 0 NOT NULL,
        epoch BIGINT DEFAULT 0 NOT NULL,
        person_version BIGINT DEFAULT 0 NOT NULL,
        classes JSONB DEFAULT '[]' NOT NULL,
        absences JSONB DEFAULT '[]' NOT NULL,
        membership_version BIGINT DEFAULT 0 NOT NULL,
        memberships JSONB DEFAULT '[]' NOT NULL,
        branch VARCHAR,
        totals JSONB DEFAULT '[]' NOT NULL,
        booked_on DATE,
        booked_tenths INTEGER DEFAULT 0 NOT NULL,
        CONSTRAINT pk_accounts PRIMARY KEY (county, person),
        CONSTRAINT ck_accounts_counted CHECK (version >= 0 AND person_version >= 0 AND membership_version >= 0),
        CONSTRAINT fk_accounts_county FOREIGN KEY(county) REFERENCES counties (county)
    )
    """,
    """CREATE INDEX ix_accounts_county_epoch ON accounts (county, epoch)""",
    """
    CREATE TABLE books (
        county VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        word VARCHAR NOT NULL,
        version INTEGER NOT NULL,
        starts_on DATE NOT NULL,
        document JSONB NOT NULL,
        revision INTEGER NOT NULL,
        adopted_by VARCHAR NOT NULL,
        adopted_at timestamptz NOT NULL,
        CONSTRAINT pk_books PRIMARY KEY (county, id),
        CONSTRAINT uq_books_county_word_version UNIQUE (county, word, version),
        CONSTRAINT ck_books_counted CHECK (version >= 1 AND revision >= 1),
        CONSTRAINT fk_books_county FOREIGN KEY(county) REFERENCES counties (county)
    )
    """,
    """
    CREATE TABLE organisations (
        county VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        version BIGINT DEFAULT 0 NOT NULL,
        kind VARCHAR,
        parents JSONB DEFAULT '[]' NOT NULL,
        CONSTRAINT pk_organisations PRIMARY KEY (county, id),
        CONSTRAINT ck_organisations_counted CHECK (version >= 0),
        CONSTRAINT fk_organisations_county FOREIGN KEY(county) REFERENCES counties (county)
    )
    """,
    """
    CREATE TABLE facts (
        county VARCHAR NOT NULL,
        person VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        version BIGINT NOT NULL,
        event VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        theme VARCHAR,
        mode VARCHAR NOT NULL,
        day DATE NOT NULL,
        period VARCHAR NOT NULL,
        withdrawn BOOLEAN NOT NULL,
        CONSTRAINT pk_facts PRIMARY KEY (county, person, subject),
        CONSTRAINT fk_facts_county_person FOREIGN KEY(county, person) REFERENCES accounts (county, person),
        CONSTRAINT ck_facts_counted CHECK (version >= 1)
    )
    """,
    """
    CREATE TABLE periods (
        county VARCHAR NOT NULL,
        period VARCHAR NOT NULL,
        book VARCHAR NOT NULL,
        starts_on DATE NOT NULL,
        ends_on DATE NOT NULL,
        state VARCHAR NOT NULL,
        epoch BIGINT NOT NULL,
        opened_at timestamptz NOT NULL,
        CONSTRAINT pk_periods PRIMARY KEY (county, period),
        CONSTRAINT fk_periods_county_book FOREIGN KEY(county, book) REFERENCES books (county, id),
        CONSTRAINT ck_periods_state CHECK (state = 'open'),
        CONSTRAINT ck_periods_days CHECK (starts_on < ends_on),
        CONSTRAINT fk_periods_county FOREIGN KEY(county) REFERENCES counties (county)
    )
    """,
    """
    CREATE TABLE cells (
        county VARCHAR NOT NULL,
        person VARCHAR NOT NULL,
        period VARCHAR NOT NULL,
        book VARCHAR NOT NULL,
        in_scope BOOLEAN NOT NULL,
        sums JSONB DEFAULT '{}' NOT NULL,
        base_tenths INTEGER NOT NULL,
        aspects JSONB DEFAULT '{}' NOT NULL,
        total_tenths INTEGER NOT NULL,
        CONSTRAINT pk_cells PRIMARY KEY (county, person, period),
        CONSTRAINT fk_cells_county_person FOREIGN KEY(county, person) REFERENCES accounts (county, person),
        CONSTRAINT fk_cells_county_period FOREIGN KEY(county, period) REFERENCES periods (county, period),
        CONSTRAINT fk_cells_county_book FOREIGN KEY(county, book) REFERENCES books (county, id)
    )
    """,
    """
    CREATE TABLE lines (
        county VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        person VARCHAR NOT NULL,
        period VARCHAR NOT NULL,
        book VARCHAR NOT NULL,
        item VARCHAR NOT NULL,
        aspect VARCHAR,
        month VARCHAR NOT NULL,
        value_tenths INTEGER NOT NULL,
        fact VARCHAR,
        reverses VARCHAR,
        written_at timestamptz NOT NULL,
        CONSTRAINT pk_lines PRIMARY KEY (county, id),
        CONSTRAINT fk_lines_county_person_period FOREIGN KEY(county, person, period)
            REFERENCES cells (county, person, period),
        CONSTRAINT fk_lines_county_person_fact FOREIGN KEY(county, person, fact)
            REFERENCES facts (county, person, subject),
        CONSTRAINT fk_lines_county_reverses FOREIGN KEY(county, reverses) REFERENCES lines (county, id)
    )
    """,
    """CREATE INDEX ix_lines_cell ON lines (county, person, period)""",
    """CREATE UNIQUE INDEX uq_lines_reverses ON lines (county, reverses) WHERE reverses IS NOT NULL""",
)

GRANTS = (
    # What the consumers write, the api only reads; it may lock and advance a county, and adopt, bind and open.
    f"REVOKE INSERT, UPDATE, DELETE ON accounts, facts, cells, lines, organisations FROM {API}",
    f"REVOKE INSERT, DELETE ON counties FROM {API}",
    f"REVOKE DELETE ON books FROM {API}",
    f"REVOKE UPDATE, DELETE ON periods FROM {API}",
    # A line is written once and never changed.
    f"REVOKE UPDATE, DELETE, TRUNCATE ON lines FROM {WORKER}",
)


def upgrade() -> None:
    kit_steps.step_1(op)
    bus_steps.step_1(op)
    for statement in CREATE:
        op.execute(statement)
    kit_steps.fence(op, TABLES)
    for statement in GRANTS:
        op.execute(statement)
    bus_steps.grant_step_1(op, api=API, worker=WORKER)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
    bus_steps.undo_step_1(op)
    op.execute("DROP TABLE audit, idempotency")
