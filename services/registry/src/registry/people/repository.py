"""People in and out of their tables. What identifies them goes in sealed and comes out only when asked for by field."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Dialect,
    Executable,
    LargeBinary,
    Select,
    Text,
    TextClause,
    any_,
    delete,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from registry.identity.domain import IdentityNumber, Phone
from registry.ids import CountyId, PersonId, UserId
from registry.people.domain import (
    AlreadyRegistered,
    DatedCode,
    DatedStatus,
    Kind,
    Person,
    Residence,
    Standing,
    Status,
    UnknownPerson,
)
from registry.people.tables import PersonCodeRow, PersonRow
from registry.sealing import Place, Seals

SEALED = ("identity", "phone", "address")
PARTS = ("sealed", "index")
POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Particulars:
    """What identifies a person. None: not told, so it stays as it is."""

    name: str | None = None
    identity: IdentityNumber | None = None
    phone: Phone | None = None
    address: str | None = None
    forgotten: frozenset[str] = frozenset()  # phone, address: there is none any more

    def sealed(self) -> dict[str, str]:
        texts = {
            "identity": self.identity.text if self.identity else None,
            "phone": self.phone.text if self.phone else None,
            "address": self.address,
        }
        return {field: text for field, text in texts.items() if text is not None}

    def __repr__(self) -> str:
        return "Particulars(***)"


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody of the books with what a roster is compared with: the name, and the indexes of the sealed fields."""

    person: Person
    name: str
    indexes: Mapping[str, bytes | None]


class PeopleRepository:
    def __init__(self, session: AsyncSession, county: CountyId, seals: Seals) -> None:
        self._session, self._county, self._seals = session, county, seals

    async def lock(self, person: PersonId) -> Person:
        """Read for a change. Raises UnknownPerson."""
        rows = _people().where(self._of([person])).with_for_update(of=PersonRow)
        found = await self._read(rows)
        if person not in found:
            raise UnknownPerson([person])
        return found[person].person

    async def share(self, people: Collection[PersonId]) -> dict[PersonId, Person]:
        """Read so that nobody's status changes meanwhile, in the order of ids. Raises UnknownPerson for any missing."""
        found = await self._read(_people().where(self._of(people)).with_for_update(read=True, of=PersonRow))
        if missing := sorted(set(people) - set(found)):
            raise UnknownPerson(missing)
        return {person: entered.person for person, entered in found.items()}

    async def lock_by_identity(self, identities: Collection[IdentityNumber]) -> dict[IdentityNumber, Entered]:
        """Whoever of the county has one of these numbers, for a change, in the order of ids."""
        indexes = {self.index("identity", identity.text): identity for identity in identities}
        mine = col(PersonRow.county) == self._county, among(PersonRow.identity_index, list(indexes), LargeBinary)
        found = await self._read(_people().where(*mine).with_for_update(of=PersonRow))
        by_index = {entered.indexes["identity"]: entered for entered in found.values()}
        return {identity: by_index[index] for index, identity in indexes.items() if index in by_index}

    async def find(self, field: str, text: str) -> list[PersonId]:
        """Whose identity number or phone this is."""
        same = getattr(PersonRow, f"{field}_index") == self.index(field, text)
        rows = select(col(PersonRow.id)).where(col(PersonRow.county) == self._county, same)
        return [PersonId(row) for row in await self._session.scalars(rows.order_by(col(PersonRow.id)))]

    async def unseal(self, person: PersonId, field: str) -> str | None:
        """One sensitive field of one person; the caller owes the audit trail a line. Raises UnknownPerson."""
        row = select(getattr(PersonRow, f"{field}_sealed")).where(self._of([person]))
        found = (await self._session.execute(row)).one_or_none()
        if found is None:
            raise UnknownPerson([person])
        return None if found[0] is None else self._seals.open(self._place(person, field), found[0])

    async def add(self, people: Sequence[tuple[Person, Particulars]], at: datetime) -> None:
        """Raises AlreadyRegistered."""
        rows = [
            {**_EMPTY, **self._row(person), **self._private(person.id, private), "registered_at": at}
            for person, private in people
        ]
        if rows:
            # In one order, so that two rosters of the same new people wait for each other instead of both at once.
            await self._write(insert(PersonRow), sorted(rows, key=lambda row: row["identity_index"] or b""))
            await self._write_codes([person for person, _ in people])

    async def save(self, person: Person, private: Particulars | None = None) -> Person:
        """Write a person that was locked, and return it with the row's next etag. Raises AlreadyRegistered."""
        (saved,) = await self._update([(person, private or Particulars())])
        await self._replace_codes([saved])
        return saved

    async def save_each(self, changes: Sequence[tuple[Person, Person, Particulars]]) -> list[Person]:
        """The same of many, each before and after, in a handful of statements. Raises AlreadyRegistered."""
        saved = await self._update([(after, private) for _, after, private in changes])
        await self._replace_codes([after for before, after, _ in changes if _codes(before) != _codes(after)])
        return saved

    async def _update(self, people: Sequence[tuple[Person, Particulars]]) -> list[Person]:
        """A statement for each set of fields that was told: what nobody told stays."""
        saved = [(replace(person, etag=person.etag + 1), private) for person, private in people]
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for person, private in saved:
            row = {**self._row(person), **self._private(person.id, private)}
            row["statuses"] = json.dumps(row["statuses"])
            alike[tuple(sorted(row))].append(row)
        for columns, rows in alike.items():
            await self._write(_update_of(columns), {column: [row[column] for row in rows] for column in columns})
        return [person for person, _ in saved]

    async def _replace_codes(self, people: Sequence[Person]) -> None:
        if people:
            theirs = among(PersonCodeRow.person, [person.id for person in people], Text)
            await self._session.execute(delete(PersonCodeRow).where(col(PersonCodeRow.county) == self._county, theirs))
            await self._write_codes(people)

    async def _write(self, statement: Executable, rows: list[dict[str, Any]] | dict[str, Any]) -> None:
        """The unique index decides who is in the books already: two clerks may enter one person at once."""
        try:
            await self._session.execute(statement, rows)
        except IntegrityError as error:
            if "uq_people_county_identity_index" in str(error.orig):
                raise AlreadyRegistered from None
            raise

    def index(self, field: str, text: str) -> bytes:
        return self._seals.index(self._county, field, text)

    def _of(self, people: Collection[PersonId]) -> ColumnElement[bool]:
        return (col(PersonRow.county) == self._county) & among(PersonRow.id, list(people), Text)

    def _place(self, person: PersonId, field: str) -> Place:
        return Place(self._county, person, field)

    def _private(self, person: PersonId, private: Particulars) -> dict[str, Any]:
        values: dict[str, Any] = {} if private.name is None else {"name": private.name}
        values |= {f"{field}_{part}": None for field in private.forgotten for part in PARTS}
        for field, told in private.sealed().items():
            values[f"{field}_sealed"] = self._seals.seal(self._place(person, field), told)
            values[f"{field}_index"] = self.index(field, told)
        return values

    def _row(self, person: Person) -> dict[str, Any]:
        standing = person.standing
        return {
            "county": self._county,
            "id": person.id,
            "kind": standing.kind.value,
            "party_member": standing.party_member,
            "rank": standing.rank,
            "township": standing.township,
            "residence": standing.residence.value if standing.residence else None,
            "status": person.status.value,
            "status_since": person.status_since,
            "statuses": [{"status": each.status.value, "since": each.since.isoformat()} for each in person.statuses],
            "version": person.version,
            "etag": person.etag,
        }

    async def _read(self, people: Select[Any]) -> dict[PersonId, Entered]:
        rows = (await self._session.execute(people)).mappings().all()
        mine = col(PersonCodeRow.county) == self._county, among(PersonCodeRow.person, [row["id"] for row in rows], Text)
        codes = select(PersonCodeRow.__table__).where(*mine).order_by(col(PersonCodeRow.since))  # type: ignore[attr-defined]
        dated: dict[tuple[str, str], list[DatedCode]] = defaultdict(list)
        for code in (await self._session.execute(codes)).mappings() if rows else ():
            entry = DatedCode(code["code"], code["since"], UserId(code["confirmed_by"]))
            dated[code["person"], code["scheme"]].append(entry)
        return {PersonId(row["id"]): _entered(row, dated) for row in rows}

    async def _write_codes(self, people: Sequence[Person]) -> None:
        rows = [
            {
                "county": self._county,
                "person": person.id,
                "scheme": scheme,
                "since": entry.since,
                "code": entry.code,
                "confirmed_by": entry.confirmed_by,
            }
            for person in people
            for scheme, entries in _codes(person)
            for entry in entries
        ]
        if rows:
            await self._session.execute(insert(PersonCodeRow), rows)


def among(column: Any, values: Sequence[Any], kind: type[TypeEngine[Any]]) -> ColumnElement[bool]:
    """One array parameter, however many values: PostgreSQL takes 32,767 parameters at most."""
    return col(column) == any_(literal(values, ARRAY(kind)))


_EMPTY = {f"{field}_{part}": None for field in SEALED for part in PARTS}


def _update_of(columns: Sequence[str]) -> TextClause:
    """Of many rows at once, each column an array of its own."""
    table = PersonRow.__table__  # type: ignore[attr-defined]
    kinds = {column: table.columns[column].type.compile(POSTGRESQL) for column in columns}
    arrays = ", ".join(f"CAST(:{column} AS {kind}[])" for column, kind in kinds.items())
    changes = ", ".join(f"{column} = told.{column}" for column in columns if column not in ("county", "id"))
    return text(f"""
        UPDATE people SET {changes} FROM unnest({arrays}) AS told ({", ".join(columns)})
        WHERE people.county = told.county AND people.id = told.id
    """)  # noqa: S608 — names of our own columns


def _codes(person: Person) -> tuple[tuple[str, tuple[DatedCode, ...]], ...]:
    return ("class", person.classes), ("capacity", person.capacities)


def _people() -> Select[Any]:
    columns = [column for column in PersonRow.__table__.columns if not column.name.endswith("_sealed")]  # type: ignore[attr-defined]
    return select(*columns).order_by(col(PersonRow.id))


def _entered(row: Any, codes: Mapping[tuple[str, str], Sequence[DatedCode]]) -> Entered:
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
        version=row["version"],
        etag=row["etag"],
    )
    return Entered(person, row["name"], {field: row[f"{field}_index"] for field in SEALED})
