"""What people judged, with both their names; and who is exempted from when to when."""

from alembic import op

from kit import migrations as kit_steps

revision = "0003"
down_revision = "0002"

TABLES = ("judgements", "exemptions")
API, WORKER = "scoring_api", "scoring_worker"

CREATE = (
    """
    CREATE TABLE judgements (
        county VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        person VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        item VARCHAR NOT NULL,
        grade VARCHAR,
        period VARCHAR NOT NULL,
        month VARCHAR,
        day DATE NOT NULL,
        source VARCHAR,
        state VARCHAR NOT NULL,
        told INTEGER NOT NULL,
        proposed_by VARCHAR NOT NULL,
        proposed_at timestamptz NOT NULL,
        decided_by VARCHAR,
        decided_at timestamptz,
        withdrawn_by VARCHAR,
        withdrawn_at timestamptz,
        grounds VARCHAR,
        reason VARCHAR,
        CONSTRAINT pk_judgements PRIMARY KEY (county, id),
        CONSTRAINT fk_judgements_county FOREIGN KEY(county, person) REFERENCES accounts (county, person),
        CONSTRAINT fk_judgements_county_period FOREIGN KEY(county, period) REFERENCES periods (county, period),
        CONSTRAINT ck_judgements_kind CHECK (kind IN ('appraisal', 'deduction', 'veto')),
        CONSTRAINT ck_judgements_state CHECK (state IN ('proposed', 'confirmed', 'refused', 'withdrawn')),
        CONSTRAINT ck_judgements_grade CHECK ((kind = 'appraisal') = (grade IS NOT NULL)),
        CONSTRAINT ck_judgements_month CHECK (kind = 'appraisal' OR month IS NULL),
        CONSTRAINT ck_judgements_source CHECK (kind <> 'appraisal' OR source IS NULL),
        CONSTRAINT ck_judgements_told CHECK (told >= 0 AND (told % 2 = 1) = (state = 'confirmed')),
        CONSTRAINT ck_judgements_decided CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
        CONSTRAINT ck_judgements_undecided CHECK (state <> 'proposed' OR decided_by IS NULL),
        CONSTRAINT ck_judgements_by_somebody
            CHECK (state NOT IN ('confirmed', 'refused') OR decided_by IS NOT NULL),
        CONSTRAINT ck_judgements_two_people CHECK (state <> 'confirmed' OR decided_by <> proposed_by),
        CONSTRAINT ck_judgements_withdrawn CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
        CONSTRAINT ck_judgements_withdrawn_by CHECK (withdrawn_by IS NULL OR withdrawn_at IS NOT NULL)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_judgements_appraised ON judgements (county, person, item, period, coalesce(month, ''))
        WHERE kind = 'appraisal' AND state IN ('proposed', 'confirmed')
    """,
    "CREATE INDEX ix_judgements_source ON judgements (county, source) WHERE source IS NOT NULL",
    "CREATE INDEX ix_judgements_proposed ON judgements (county, period) WHERE state = 'proposed'",
    "CREATE INDEX ix_judgements_person ON judgements (county, person)",
    """
    CREATE TABLE exemptions (
        county VARCHAR NOT NULL,
        id VARCHAR NOT NULL,
        person VARCHAR NOT NULL,
        since DATE NOT NULL,
        until DATE,
        decision VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        version INTEGER NOT NULL,
        granted_by VARCHAR NOT NULL,
        granted_at timestamptz NOT NULL,
        changed_by VARCHAR,
        changed_at timestamptz,
        CONSTRAINT pk_exemptions PRIMARY KEY (county, id),
        CONSTRAINT fk_exemptions_county FOREIGN KEY(county, person) REFERENCES accounts (county, person),
        CONSTRAINT ck_exemptions_state CHECK (state IN ('granted', 'withdrawn')),
        CONSTRAINT ck_exemptions_days CHECK (until IS NULL OR since < until),
        CONSTRAINT ck_exemptions_counted CHECK (version >= 1),
        CONSTRAINT ck_exemptions_once_granted CHECK (state = 'granted' OR version > 1),
        CONSTRAINT ck_exemptions_changed CHECK ((version = 1) = (changed_by IS NULL)),
        CONSTRAINT ck_exemptions_changed_at CHECK ((changed_by IS NULL) = (changed_at IS NULL)),
        CONSTRAINT ck_exemptions_decision CHECK (decision <> '')
    )
    """,
    "CREATE INDEX ix_exemptions_person ON exemptions (county, person)",
)

GRANTS = (
    # Nothing that was judged is ever removed. What an event proposed is the worker's to write, an exemption is not.
    f"REVOKE DELETE, TRUNCATE ON judgements, exemptions FROM {API}, {WORKER}",
    f"REVOKE INSERT, UPDATE ON exemptions FROM {WORKER}",
)


def upgrade() -> None:
    for statement in CREATE:
        op.execute(statement)
    kit_steps.fence(op, TABLES)
    for statement in GRANTS:
        op.execute(statement)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
