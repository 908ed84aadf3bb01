"""People in and out of their tables. What identifies them goes in sealed and comes out only when asked for by field."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, LargeBinary, Select, Text, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from registry.identity.domain import IdentityNumber
from registry.ids import CountyId, PersonId, UserId
from registry.people.domain import AlreadyRegistered, DatedCode, Merged, Person, UnknownPerson
from registry.people.repository.particulars import PARTS, SEALED, Entered, Particulars
from registry.people.repository.rows import EMPTY, among, codes_of, entered_as, people_rows, update_of
from registry.people.tables import PersonCodeRow, PersonRow
from registry.sealing import Place, Seals


class PeopleRepository:
    def __init__(self, session: AsyncSession, county: CountyId, seals: Seals) -> None:
        self._session, self._county, self._seals = session, county, seals

    async def lock(self, person: PersonId) -> Person:
        """Read for a change. Raises UnknownPerson, Merged."""
        found = (await self.lock_each([person]))[person]
        if found.merged_into:
            raise Merged((await self.surviving([person]))[person])
        return found

    async def lock_each(self, people: Collection[PersonId]) -> dict[PersonId, Person]:
        """Read for a change, the merged ones too, in the order of ids. Raises UnknownPerson for any missing."""
        return await self._found(people, people_rows().where(self._of(people)).with_for_update(of=PersonRow))

    async def share(self, people: Collection[PersonId]) -> dict[PersonId, Person]:
        """Read so that nobody's status changes meanwhile, in the order of ids. Raises UnknownPerson for any missing."""
        rows = people_rows().where(self._of(people)).with_for_update(read=True, of=PersonRow)
        return await self._found(people, rows)

    async def surviving(self, people: Collection[PersonId]) -> dict[PersonId, PersonId]:
        """For each of these that was merged, the entry that goes on, however often that one was merged since."""
        rows = await self._session.execute(_SURVIVING, {"county": self._county, "people": list(people)})
        return {PersonId(merged): PersonId(into) for merged, into in rows}

    async def lock_by_identity(self, identities: Collection[IdentityNumber]) -> dict[IdentityNumber, Entered]:
        """Whoever of the county has one of these numbers, for a change, in the order of ids."""
        indexes = {self.index("identity", identity.text): identity for identity in identities}
        mine = col(PersonRow.county) == self._county, among(PersonRow.identity_index, list(indexes), LargeBinary)
        found = await self._read(people_rows().where(*mine).with_for_update(of=PersonRow))
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
            {**EMPTY, **self._row(person), **self._private(person.id, private), "registered_at": at}
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

    async def hand_over(self, ended: Person, into: Person) -> tuple[Person, set[str], list[str]]:
        """Save who ended, and give the other one each sensitive field that only the first one has.

        Return whom it saved, which fields both have, and which ones changed hands. Both are locked.
        """
        found = await self._read(people_rows().where(self._of([ended.id, into.id])))
        has, keeps = ({f for f in SEALED if found[one.id].indexes[f]} for one in (ended, into))
        given = sorted(has - keeps)
        texts = {field: text for field in given if (text := await self.unseal(ended.id, field))}
        saved = await self.save(ended, Particulars(forgotten=frozenset(given)))
        if texts:
            values = {"etag": into.etag + 1, **self._seal(into.id, texts)}
            await self._session.execute(update(PersonRow).where(self._of([into.id])).values(values))
        return saved, has & keeps, given

    async def save_each(self, changes: Sequence[tuple[Person, Person, Particulars]]) -> list[Person]:
        """The same of many, each before and after, in a handful of statements. Raises AlreadyRegistered."""
        saved = await self._update([(after, private) for _, after, private in changes])
        await self._replace_codes([after for before, after, _ in changes if codes_of(before) != codes_of(after)])
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
            await self._write(update_of(columns), {column: [row[column] for row in rows] for column in columns})
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

    async def _found(self, people: Collection[PersonId], rows: Select[Any]) -> dict[PersonId, Person]:
        found = await self._read(rows)
        if missing := sorted(set(people) - set(found)):
            raise UnknownPerson(missing)
        return {person: entered.person for person, entered in found.items()}

    def index(self, field: str, text: str) -> bytes:
        return self._seals.index(self._county, field, text)

    def _of(self, people: Collection[PersonId]) -> ColumnElement[bool]:
        return (col(PersonRow.county) == self._county) & among(PersonRow.id, list(people), Text)

    def _place(self, person: PersonId, field: str) -> Place:
        return Place(self._county, person, field)

    def _private(self, person: PersonId, private: Particulars) -> dict[str, Any]:
        values: dict[str, Any] = {} if private.name is None else {"name": private.name}
        values |= {f"{field}_{part}": None for field in private.forgotten for part in PARTS}
        return values | self._seal(person, private.sealed())

    def _seal(self, person: PersonId, texts: Mapping[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field, told in texts.items():
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
            "merged_into": person.merged_into,
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
        return {PersonId(row["id"]): entered_as(row, dated) for row in rows}

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
            for scheme, entries in codes_of(person)
            for entry in entries
        ]
        if rows:
            await self._session.execute(insert(PersonCodeRow), rows)


_SURVIVING = text("""
    WITH RECURSIVE chain (merged, into_) AS (
        SELECT id, merged_into FROM people
        WHERE county = :county AND id = ANY(:people) AND merged_into IS NOT NULL
        UNION ALL
        SELECT chain.merged, next.merged_into
        FROM chain JOIN people AS next ON next.county = :county AND next.id = chain.into_
        WHERE next.merged_into IS NOT NULL
    )
    SELECT merged, into_ FROM chain
    JOIN people ON people.county = :county AND people.id = into_ AND people.merged_into IS NULL
""")
