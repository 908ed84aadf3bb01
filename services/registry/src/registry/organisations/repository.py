from collections import defaultdict
from typing import Any

from sqlalchemy import delete, insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from registry.ids import CountyId, OrganisationId
from registry.organisations.domain import Kind, Link, Organisation, Tree
from registry.organisations.tables import OrganisationParentRow, OrganisationRow


class OrganisationRepository:
    def __init__(self, session: AsyncSession, county: CountyId) -> None:
        self._session, self._county = session, county

    async def tree(self) -> Tree:
        """Every organisation of the county: some hundreds, and each question needs the way up."""
        rows = (await self._session.execute(_ALL, {"county": self._county})).mappings().all()
        parents = (await self._session.execute(_PARENTS, {"county": self._county})).mappings().all()
        links: dict[str, list[Link]] = defaultdict(list)
        for row in parents:
            links[row["organisation"]].append(Link(row["parent"], row["since"]))
        return {OrganisationId(row["id"]): _organisation(row, tuple(links[row["id"]])) for row in rows}

    async def lock_tree(self) -> Tree:
        """The same, with no other change of it until the end: two changes could close a loop that neither sees."""
        await self._session.execute(_LOCK, {"county": self._county})
        return await self.tree()

    async def add(self, organisation: Organisation) -> None:
        await self._session.execute(insert(OrganisationRow), [self._row(organisation)])
        await self._write_links(organisation)

    async def save(self, organisation: Organisation) -> None:
        row = col(OrganisationRow.county) == self._county, col(OrganisationRow.id) == organisation.id
        await self._session.execute(update(OrganisationRow).where(*row).values(self._row(organisation)))
        links = (
            col(OrganisationParentRow.county) == self._county,
            col(OrganisationParentRow.organisation) == organisation.id,
        )
        await self._session.execute(delete(OrganisationParentRow).where(*links))
        await self._write_links(organisation)

    async def _write_links(self, organisation: Organisation) -> None:
        key = {"county": self._county, "organisation": organisation.id}
        rows = [{**key, "parent": link.parent, "since": link.since} for link in organisation.links]
        await self._session.execute(insert(OrganisationParentRow), rows)

    def _row(self, organisation: Organisation) -> dict[str, Any]:
        return {
            "county": self._county,
            "id": organisation.id,
            "kind": organisation.kind.value,
            "name": organisation.name,
            "founded_on": organisation.founded_on,
            "host": organisation.host,
            "revision": organisation.revision,
            "version": organisation.version,
        }


_ALL = text("SELECT * FROM organisations WHERE county = :county")
_PARENTS = text("SELECT * FROM organisation_parents WHERE county = :county ORDER BY organisation, since")
_LOCK = text("SELECT id FROM organisations WHERE county = :county ORDER BY id FOR NO KEY UPDATE")


def _organisation(row: Any, links: tuple[Link, ...]) -> Organisation:
    return Organisation(
        id=OrganisationId(row["id"]),
        kind=Kind(row["kind"]),
        name=row["name"],
        founded_on=row["founded_on"],
        host=row["host"],
        links=links,
        revision=row["revision"],
        version=row["version"],
    )
