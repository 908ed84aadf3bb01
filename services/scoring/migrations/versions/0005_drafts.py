"""Books are drafted before they are adopted; objections and their answers."""

from alembic import op

from kit import migrations as kit_steps

revision = "0005"
down_revision = "0004"

API, WORKER = "scoring_api", "scoring_worker"

UP = (
    # Until now a book was adopted in one step, by whoever posted it.
    "ALTER TABLE books ADD COLUMN state VARCHAR NOT NULL DEFAULT 'adopted'",
    "ALTER TABLE books ALTER COLUMN state DROP DEFAULT",
    "ALTER TABLE books ADD COLUMN told INTEGER",
    "UPDATE books SET told = revision",
    "ALTER TABLE books ALTER COLUMN told SET NOT NULL",
    "ALTER TABLE books ADD COLUMN drafted_by VARCHAR, ADD COLUMN drafted_at timestamptz",
    "ALTER TABLE books ADD COLUMN discarded_by VARCHAR, ADD COLUMN discarded_at timestamptz",
    "UPDATE books SET drafted_by = adopted_by, drafted_at = adopted_at",
    "ALTER TABLE books ALTER COLUMN drafted_by SET NOT NULL, ALTER COLUMN drafted_at SET NOT NULL",
    "ALTER TABLE books ALTER COLUMN adopted_by DROP NOT NULL, ALTER COLUMN adopted_at DROP NOT NULL",
    """
    ALTER TABLE books
        DROP CONSTRAINT uq_books_county_word_version,
        DROP CONSTRAINT ck_books_counted,
        ADD CONSTRAINT ck_books_counted CHECK (version >= 1 AND revision >= 1 AND told >= 0),
        ADD CONSTRAINT ck_books_state CHECK (state IN ('draft', 'adopted', 'discarded')),
        ADD CONSTRAINT ck_books_adopted
            CHECK ((state = 'adopted') = (adopted_by IS NOT NULL AND adopted_at IS NOT NULL AND told > 0)),
        ADD CONSTRAINT ck_books_discarded
            CHECK ((state = 'discarded') = (discarded_by IS NOT NULL AND discarded_at IS NOT NULL)),
        ADD CONSTRAINT ck_books_two_people CHECK (adopted_by <> drafted_by OR drafted_at = adopted_at)
    """,
    "CREATE UNIQUE INDEX uq_books_county_word_version ON books (county, word, version) WHERE state = 'adopted'",
    """
    CREATE TABLE objections (
        county VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        person VARCHAR NOT NULL,
        period VARCHAR NOT NULL,
        filed_on DATE NOT NULL,
        filed_by VARCHAR NOT NULL,
        filed_at timestamptz NOT NULL,
        origin VARCHAR NOT NULL,
        on_behalf_of VARCHAR,
        statement VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        version INTEGER NOT NULL,
        answered_by VARCHAR,
        answered_at timestamptz,
        reason VARCHAR,
        correction VARCHAR,
        CONSTRAINT pk_objections PRIMARY KEY (county, id),
        CONSTRAINT fk_objections_county_person FOREIGN KEY(county, person) REFERENCES accounts (county, person),
        CONSTRAINT fk_objections_county_period FOREIGN KEY(county, period) REFERENCES periods (county, period),
        CONSTRAINT ck_objections_state CHECK (state IN ('filed', 'upheld', 'declined')),
        CONSTRAINT ck_objections_counted CHECK (version = CASE state WHEN 'filed' THEN 1 ELSE 2 END),
        CONSTRAINT ck_objections_a_proxy_names_for_whom CHECK ((origin = 'proxy') = (on_behalf_of IS NOT NULL)),
        CONSTRAINT ck_objections_answered CHECK ((state = 'filed') = (answered_by IS NULL)),
        CONSTRAINT ck_objections_reasoned CHECK (
            (answered_by IS NULL) = (answered_at IS NULL) AND (answered_by IS NULL) = (reason IS NULL)
        ),
        CONSTRAINT ck_objections_two_people CHECK (answered_by <> filed_by),
        CONSTRAINT ck_objections_corrected CHECK ((state = 'upheld') = (correction IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX uq_objections_open ON objections (county, person, period) WHERE state = 'filed'",
    "CREATE INDEX ix_objections_county_period ON objections (county, period)",
)

GRANTS = (
    # What was said and what was answered stays; the worker has no business with either.
    f"REVOKE DELETE, TRUNCATE ON objections FROM {API}",
    f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON objections FROM {WORKER}",
)

DOWN = (
    "DROP TABLE objections",
    "DELETE FROM books WHERE state <> 'adopted'",
    "UPDATE books SET revision = told",
    "DROP INDEX uq_books_county_word_version",
    """
    ALTER TABLE books
        DROP CONSTRAINT ck_books_two_people,
        DROP CONSTRAINT ck_books_discarded,
        DROP CONSTRAINT ck_books_adopted,
        DROP CONSTRAINT ck_books_state,
        DROP CONSTRAINT ck_books_counted,
        ADD CONSTRAINT ck_books_counted CHECK (version >= 1 AND revision >= 1),
        ADD CONSTRAINT uq_books_county_word_version UNIQUE (county, word, version),
        ALTER COLUMN adopted_by SET NOT NULL,
        ALTER COLUMN adopted_at SET NOT NULL,
        DROP COLUMN state,
        DROP COLUMN told,
        DROP COLUMN drafted_by,
        DROP COLUMN drafted_at,
        DROP COLUMN discarded_by,
        DROP COLUMN discarded_at
    """,
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)
    kit_steps.fence(op, ("objections",))
    for statement in GRANTS:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
