from typing import Any

from sqlalchemy import RowMapping, text

from registry.ids import OrganisationId
from registry.organisations.domain import NoSuchOrganisation
from registry.work import Work


async def list_organisations(work: Work, kind: str | None, limit: int, after: str | None) -> list[RowMapping]:
    """One more than asked for, in the order in which they were entered."""
    asked = {"county": work.county, "kind": kind, "limit": limit + 1, "after": after}
    return list((await work.session.execute(_LIST, asked)).mappings())


async def one_organisation(work: Work, organisation: OrganisationId) -> RowMapping:
    """Raises NoSuchOrganisation."""
    asked = {"county": work.county, "organisation": organisation}
    row: Any = (await work.session.execute(_ONE, asked)).mappings().one_or_none()
    if row is None:
        raise NoSuchOrganisation([organisation])
    found: RowMapping = row
    return found


_COLUMNS = """
    SELECT id, kind, name, founded_on, host, revision, COALESCE((
        SELECT json_agg(json_build_object('parent', parent, 'since', since) ORDER BY since) FROM organisation_parents
        WHERE organisation_parents.county = organisations.county AND organisation = organisations.id
    ), '[]') AS parents
    FROM organisations WHERE county = :county
"""
_LIST = text(
    _COLUMNS
    + """
    AND (CAST(:kind AS text) IS NULL OR kind = :kind) AND (CAST(:after AS text) IS NULL OR id > :after)
    ORDER BY id LIMIT :limit
"""
)
_ONE = text(_COLUMNS + " AND id = :organisation")
