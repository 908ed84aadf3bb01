"""How organisations are kept."""

from collections.abc import Collection, Sequence
from datetime import date

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.branches.domain import Organisation
from scoring.ids import CountyId, OrganisationId

Key = tuple[CountyId, OrganisationId]


class OrganisationRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def note(self, organisations: Sequence[tuple[CountyId, int, Organisation]]) -> None:
        """Keep the higher version of each, (county, version, organisation). There are rows for all of them."""
        rows = sorted(organisations, key=lambda row: (row[0], row[2].id))
        columns = {
            "counties": [county for county, _, _ in rows],
            "ids": [each.id for _, _, each in rows],
            "versions": [version for _, version, _ in rows],
            "kinds": [each.kind for _, _, each in rows],
            "parents": [_written(each) for _, _, each in rows],
        }
        await self._session.execute(_HOLD, {"counties": columns["counties"], "ids": columns["ids"]})
        await self._session.execute(_NOTE, columns)

    async def stubs(self, keys: Collection[Key]) -> None:
        """Make rows for those that have none: for all of a batch at once, in one order, or two would wait in a ring."""
        rows = sorted(keys)
        columns = {"counties": [county for county, _ in rows], "ids": [id_ for _, id_ in rows]}
        await self._session.execute(_STUBS, columns)

    async def tree(self, county: CountyId) -> dict[OrganisationId, Organisation]:
        rows = await self._session.execute(_TREE, {"county": county})
        return {OrganisationId(row.id): Organisation(row.id, row.kind, _read(row.parents)) for row in rows}


def _written(organisation: Organisation) -> str:
    parents = [{"parent": parent, "since": since} for parent, since in organisation.parents]
    return orjson.dumps(parents).decode()


def _read(parents: list[dict[str, str]]) -> tuple[tuple[OrganisationId | None, date], ...]:
    def parent(text_: str | None) -> OrganisationId | None:
        return None if text_ is None else OrganisationId(text_)

    return tuple((parent(each["parent"]), date.fromisoformat(each["since"])) for each in parents)


_HOLD = text("""
    SELECT 1 FROM organisations JOIN unnest(CAST(:counties AS text[]), CAST(:ids AS text[])) AS told (county, id)
    USING (county, id) ORDER BY county, id FOR NO KEY UPDATE OF organisations
""")
_NOTE = text("""
    UPDATE organisations AS held
    SET version = told.version, kind = told.kind, parents = CAST(told.parents AS jsonb)
    FROM unnest(
        CAST(:counties AS text[]), CAST(:ids AS text[]), CAST(:versions AS bigint[]), CAST(:kinds AS text[]),
        CAST(:parents AS text[])
    ) AS told (county, id, version, kind, parents)
    WHERE held.county = told.county AND held.id = told.id AND held.version < told.version
""")
_STUBS = text("""
    INSERT INTO organisations (county, id)
    SELECT * FROM unnest(CAST(:counties AS text[]), CAST(:ids AS text[])) ON CONFLICT DO NOTHING
""")
_TREE = text("SELECT id, kind, parents FROM organisations WHERE county = :county ORDER BY id")
