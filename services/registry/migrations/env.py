"""Alembic's entry: this service's schema only."""

import registry.activities.tables
import registry.counties.tables
import registry.memberships.tables
import registry.organisations.tables
import registry.people.tables
import registry.rosters.tables
import registry.taxonomies.tables
import registry.users.tables  # noqa: F401 — importing a module declares its tables
from kit.migrations import run
from registry.metadata import metadata

run(metadata)
