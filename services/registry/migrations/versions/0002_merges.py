"""An entry may end by being merged into another one of the same person."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE people ADD COLUMN merged_into character varying")
    # Checked apart from being added, so that nobody who reads or writes people waits for the check.
    for name, rule in (
        ("fk_people_county_merged_into", "FOREIGN KEY (county, merged_into) REFERENCES people (county, id)"),
        ("ck_people_merged_elsewhere", "CHECK (merged_into <> id)"),
    ):
        op.execute(f"ALTER TABLE people ADD CONSTRAINT {name} {rule} NOT VALID")
        op.execute(f"ALTER TABLE people VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.execute("ALTER TABLE people DROP COLUMN merged_into")
