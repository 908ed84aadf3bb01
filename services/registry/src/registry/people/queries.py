"""People for display: never a sealed field, and of one person only whether there is one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, Text, select, text, tuple_
from sqlmodel import col

from registry.ids import PersonId
from registry.people.domain import UnknownPerson
from registry.people.repository import among
from registry.people.tables import PersonRow
from registry.work import Work

LISTED = (
    "id",
    "name",
    "kind",
    "party_member",
    "rank",
    "township",
    "residence",
    "status",
    "status_since",
    "merged_into",
)


@dataclass(frozen=True, slots=True)
class Filter:
    name: str | None = None  # how it begins
    kind: str | None = None
    status: str | None = None
    people: tuple[PersonId, ...] | None = None  # these only
    merged: bool = False  # the entries that ended in another one too


async def list_people(work: Work, wanted: Filter, limit: int, after: str | None) -> list[RowMapping]:
    """One more than asked for, by name and id; the cursor is an id, because addresses end up in logs."""
    name, id_ = col(PersonRow.name), col(PersonRow.id)
    rows = select(*(col(getattr(PersonRow, column)) for column in LISTED)).where(col(PersonRow.county) == work.county)
    if wanted.name:
        rows = rows.where(name.startswith(wanted.name, autoescape=True))
    for field in ("kind", "status"):
        if value := getattr(wanted, field):
            rows = rows.where(getattr(PersonRow, field) == value)
    if not wanted.merged:
        rows = rows.where(col(PersonRow.merged_into).is_(None))
    if wanted.people is not None:
        rows = rows.where(among(id_, wanted.people, Text))
    if after:
        last = select(name, id_).where(col(PersonRow.county) == work.county, id_ == after)
        rows = rows.where(tuple_(name, id_) > last.scalar_subquery())
    return list((await work.session.execute(rows.order_by(name, id_).limit(limit + 1))).mappings())


async def one_person(work: Work, person: PersonId) -> dict[str, Any]:
    """Raises UnknownPerson."""
    key = {"county": work.county, "person": person}
    row = (await work.session.execute(_ONE, key)).mappings().one_or_none()
    if row is None:
        raise UnknownPerson([person])
    codes = (await work.session.execute(_CODES, key)).mappings().all()
    dated = {
        scheme: [{"code": code["code"], "since": code["since"]} for code in codes if code["scheme"] == scheme]
        for scheme in ("class", "capacity")
    }
    return {**row, "classes": dated["class"], "capacities": dated["capacity"]}


async def names_of(work: Work, people: list[PersonId]) -> dict[PersonId, tuple[str, date | None]]:
    """Names for lists of other nouns, with the day of death of the dead."""
    rows = await work.session.execute(_NAMES, {"county": work.county, "people": people})
    return {PersonId(row.id): (row.name, row.died_on) for row in rows}


_ONE = text("""
    SELECT id, name, kind, party_member, rank, township, residence, status, status_since, statuses, merged_into, etag,
           identity_sealed IS NOT NULL AS has_identity, phone_sealed IS NOT NULL AS has_phone,
           address_sealed IS NOT NULL AS has_address
    FROM people WHERE county = :county AND id = :person
""")
_CODES = text("""
    SELECT scheme, code, since FROM person_codes WHERE county = :county AND person = :person ORDER BY scheme, since
""")
_NAMES = text("""
    SELECT id, name, CASE WHEN status = 'died' THEN status_since END AS died_on
    FROM people WHERE county = :county AND id = ANY(:people)
""")
