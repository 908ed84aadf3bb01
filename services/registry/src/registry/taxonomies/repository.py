from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from registry.ids import CountyId
from registry.taxonomies.domain import Code, Due, ListName, Taxonomies, Taxonomy
from registry.taxonomies.tables import TaxonomyCodeRow, TaxonomyRow


class TaxonomyRepository:
    def __init__(self, session: AsyncSession, county: CountyId) -> None:
        self._session, self._county = session, county

    async def in_force(self) -> Taxonomies:
        """Each list's last version."""
        rows = (await self._session.execute(_IN_FORCE, {"county": self._county})).mappings().all()
        names = {ListName(row["taxonomy"]): row["version"] for row in rows}
        return {name: Taxonomy(name, version, _codes(rows, name)) for name, version in names.items()}

    async def lock(self, name: ListName) -> Taxonomy | None:
        """The list's last version; another post of the same list waits, also for the first one."""
        await self._session.execute(_LOCK, {"name": f"taxonomy/{self._county}/{name}"})
        return (await self.in_force()).get(name)

    async def id_of(self, taxonomy: Taxonomy) -> str:
        key = {"county": self._county, "name": taxonomy.name.value, "version": taxonomy.version}
        return str((await self._session.execute(_ID, key)).scalar_one())

    async def add(self, id_: str, taxonomy: Taxonomy, at: datetime, by: str) -> None:
        key = {"county": self._county, "version": taxonomy.version}
        head = {**key, "name": taxonomy.name.value, "id": id_, "adopted_at": at, "adopted_by": by}
        await self._session.execute(insert(TaxonomyRow), [head])
        rows = [_row(place, code) for place, code in enumerate(taxonomy.codes)]
        await self._session.execute(
            insert(TaxonomyCodeRow), [{**key, "taxonomy": taxonomy.name.value, **row} for row in rows]
        )


_IN_FORCE = text("""
    SELECT codes.* FROM taxonomy_codes AS codes
    JOIN (SELECT name, max(version) AS version FROM taxonomies WHERE county = :county GROUP BY name) AS last
      ON last.name = codes.taxonomy AND last.version = codes.version
    WHERE codes.county = :county ORDER BY codes.taxonomy, codes.place
""")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_ID = text("SELECT id FROM taxonomies WHERE county = :county AND name = :name AND version = :version")


def _codes(rows: Sequence[Any], name: ListName) -> tuple[Code, ...]:
    return tuple(_code(row) for row in rows if row["taxonomy"] == name)


def _code(row: Any) -> Code:
    due = Due(row["due"]) if row["due"] else None
    days = row["since"], row["until"]
    return Code(row["code"], row["name"], *days, due=due, party_life=row["party_life"], successor=row["successor"])


def _row(place: int, code: Code) -> dict[str, Any]:
    return {
        "place": place,
        "code": code.code,
        "name": code.name,
        "since": code.since,
        "until": code.until,
        "due": code.due.value if code.due else None,
        "party_life": code.party_life,
        "successor": code.successor,
    }
