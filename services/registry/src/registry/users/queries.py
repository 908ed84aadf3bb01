from typing import Any

from sqlalchemy import RowMapping, text

from registry.ids import UserId
from registry.users.domain import UnknownUser
from registry.work import Work


async def list_users(work: Work, limit: int, after: str | None) -> list[RowMapping]:
    """One more than asked for, in the order of their making."""
    key = {"county": work.county, "after": after or "", "limit": limit + 1}
    return list((await work.session.execute(_LIST, key)).mappings())


async def one_user(work: Work, user: UserId) -> dict[str, Any]:
    """Raises UnknownUser."""
    row = (await work.session.execute(_ONE, {"county": work.county, "user": user})).mappings().one_or_none()
    if row is None:
        raise UnknownUser
    return dict(row)


_COLUMNS = """
    SELECT id, login, name, role, person, active, must_change, etag, ARRAY(
        SELECT organisation FROM user_organisations AS place
        WHERE place.county = users.county AND place."user" = users.id ORDER BY organisation) AS organisations
    FROM users WHERE county = :county
"""
_LIST = text(_COLUMNS + "AND id > :after ORDER BY id LIMIT :limit")
_ONE = text(_COLUMNS + "AND id = :user")
