"""Alembic's entry: this service's schema only."""

import scoring.branches.tables
import scoring.exemptions.tables
import scoring.judgements.tables
import scoring.ledger.tables
import scoring.notices.tables
import scoring.objections.tables
import scoring.periods.tables
import scoring.rulebooks.tables
import scoring.years.tables  # noqa: F401 — importing a module declares its tables
from kit.migrations import run
from scoring.metadata import metadata

run(metadata)
