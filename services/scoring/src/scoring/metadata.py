"""This service's own tables' registry: two services in one process must not share SQLModel's default one."""

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from bus import tables as bus_tables
from kit import database as kit_tables

# Constraint names are part of the migration and of error handling, so they are derived, never invented per table.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMES)


class Row(SQLModel, registry=registry(metadata=metadata)):
    """What every table of this service extends: `class PersonRow(Row, table=True)`."""


# The bus and the kit name their own constraints; a plain MetaData keeps them as their migration steps made them.
BUS = bus_tables.tables(MetaData())
KIT = kit_tables.tables(MetaData())
