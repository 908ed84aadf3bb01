"""How exemptions are kept. Whoever writes one holds its person's account."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.exemptions.domain import Exemption, ExemptionId, ExemptionNotFound, State
from scoring.ids import CountyId, PersonId


class ExemptionRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, county: CountyId, id_: str) -> Exemption:
        """Raises ExemptionNotFound."""
        found = (await self._session.execute(_FIND, {"county": county, "id": id_})).first()
        if found is None:
            raise ExemptionNotFound
        return _exemption(found)

    async def of(self, county: CountyId, people: Collection[PersonId]) -> list[Exemption]:
        """Hold every exemption of these people."""
        rows = await self._session.execute(_OF, {"county": county, "people": sorted(people)})
        return [_exemption(row) for row in rows]

    async def add(self, county: CountyId, exemption: Exemption, decision: str, *, by: str, now: datetime) -> None:
        row = {
            "county": county, "id": exemption.id, "person": exemption.person, "since": exemption.since,
            "until": exemption.until, "decision": decision, "state": exemption.state, "version": exemption.version,
            "by": by, "now": now,
        }  # fmt: skip
        await self._session.execute(_ADD, row)

    async def save(self, county: CountyId, exemption: Exemption, *, by: str, now: datetime) -> None:
        row = {
            "county": county, "id": exemption.id, "until": exemption.until, "state": exemption.state,
            "version": exemption.version, "by": by, "now": now,
        }  # fmt: skip
        await self._session.execute(_SAVE, row)


def _exemption(row: Any) -> Exemption:
    return Exemption(ExemptionId(row.id), PersonId(row.person), row.since, row.until, State(row.state), row.version)


_FIND = text("SELECT id, person, since, until, state, version FROM exemptions WHERE county = :county AND id = :id")
_OF = text("""
    SELECT id, person, since, until, state, version FROM exemptions
    WHERE county = :county AND person = ANY(:people) ORDER BY id FOR UPDATE
""")
_ADD = text("""
    INSERT INTO exemptions (county, id, person, since, until, decision, state, version, granted_by, granted_at)
    VALUES (:county, :id, :person, :since, :until, :decision, :state, :version, :by, :now)
""")
_SAVE = text("""
    UPDATE exemptions SET until = :until, state = :state, version = :version, changed_by = :by, changed_at = :now
    WHERE county = :county AND id = :id
""")
