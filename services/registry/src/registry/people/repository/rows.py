"""Statements over people, and a row as the person it is."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Dialect, Select, TextClause, any_, literal, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from registry.ids import PersonId
from registry.people.domain import DatedCode, DatedStatus, Kind, Person, Residence, Standing, Status
from registry.people.repository.particulars import PARTS, SEALED, Entered
from registry.people.tables import PersonRow

POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def among(column: Any, values: Sequence[Any], kind: type[TypeEngine[Any]]) -> ColumnElement[bool]:
    """One array parameter, however many values: PostgreSQL takes 32,767 parameters at most."""
    return col(column) == any_(literal(values, ARRAY(kind)))


EMPTY = {f"{field}_{part}": None for field in SEALED for part in PARTS}


def update_of(columns: Sequence[str]) -> TextClause:
    """Of many rows at once, each column an array of its own."""
    table = PersonRow.__table__  # type: ignore[attr-defined]
    kinds = {column: table.columns[column].type.compile(POSTGRESQL) for column in columns}
    arrays = ", ".join(f"CAST(:{column} AS {kind}[])" for column, kind in kinds.items())
    changes = ", ".join(f"{column} = told.{column}" for column in columns if column not in ("county", "id"))
    return text(f"""
        UPDATE people SET {changes} FROM unnest({arrays}) AS told ({", ".join(columns)})
        WHERE people.county = told.county AND people.id = told.id
    """)  # noqa: S608 — names of our own columns


def codes_of(person: Person) -> tuple[tuple[str, tuple[DatedCode, ...]], ...]:
    return ("class", person.classes), ("capacity", person.capacities)


def people_rows() -> Select[Any]:
    columns = [column for column in PersonRow.__table__.columns if not column.name.endswith("_sealed")]  # type: ignore[attr-defined]
    return select(*columns).order_by(col(PersonRow.id))


def entered_as(row: Any, codes: Mapping[tuple[str, str], Sequence[DatedCode]]) -> Entered:
    standing = Standing(
        kind=Kind(row["kind"]),
        party_member=row["party_member"],
        rank=row["rank"],
        township=row["township"],
        residence=Residence(row["residence"]) if row["residence"] else None,
    )
    person = Person(
        id=PersonId(row["id"]),
        standing=standing,
        classes=tuple(codes.get((row["id"], "class"), ())),
        capacities=tuple(codes.get((row["id"], "capacity"), ())),
        statuses=tuple(
            DatedStatus(Status(each["status"]), date.fromisoformat(each["since"])) for each in row["statuses"]
        ),
        merged_into=PersonId(row["merged_into"]) if row["merged_into"] else None,
        version=row["version"],
        etag=row["etag"],
    )
    return Entered(person, row["name"], {field: row[f"{field}_index"] for field in SEALED})
