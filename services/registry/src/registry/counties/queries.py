from typing import Any

from sqlalchemy import RowMapping, text

from registry.counties.domain import UnknownCounty
from registry.ids import CountyId
from registry.work import Work


async def list_counties(work: Work, limit: int, after: str | None) -> list[RowMapping]:
    """One more than asked for, in the order of their establishment."""
    return list((await work.session.execute(_LIST, {"after": after or "", "limit": limit + 1})).mappings())


async def one_county(work: Work, county: CountyId) -> dict[str, Any]:
    """Raises UnknownCounty."""
    row = (await work.session.execute(_ONE, {"county": county})).mappings().one_or_none()
    if row is None:
        raise UnknownCounty
    return dict(row)


_COLUMNS = """
    SELECT county AS id, word, name, version, (
        SELECT coalesce(json_agg(json_build_object('code', code, 'since', since) ORDER BY since), '[]')
        FROM county_codes AS codes WHERE codes.county = counties.county) AS codes
    FROM counties
"""
_LIST = text(_COLUMNS + "WHERE county > :after ORDER BY county LIMIT :limit")
_ONE = text(_COLUMNS + "WHERE county = :county")
