"""Books for display."""

from typing import Any

from sqlalchemy import RowMapping, text

from scoring.rulebooks.domain import BookNotFound
from scoring.work import Work


async def list_books(work: Work, limit: int, after: str) -> list[RowMapping]:
    """One more than asked for, in the order in which they were drafted."""
    key = {"county": work.county, "after": after, "limit": limit + 1}
    return list((await work.session.execute(_LIST, key)).mappings())


async def one_book(work: Work, book: str) -> dict[str, Any]:
    """Raises BookNotFound."""
    found = (await work.session.execute(_ONE, {"county": work.county, "book": book})).mappings().one_or_none()
    if found is None:
        raise BookNotFound(book)
    return dict(found)


_COLUMNS = """
    b.id, b.word, b.version, b.document ->> 'title' AS title, b.starts_on, b.state, b.revision,
    b.drafted_by, b.drafted_at, b.adopted_by, b.adopted_at, b.discarded_by, b.discarded_at,
    ARRAY(SELECT p.period FROM periods p WHERE p.county = b.county AND p.book = b.id ORDER BY 1) AS periods
"""
_LIST = text(f"""
    SELECT {_COLUMNS} FROM books b WHERE b.county = :county AND b.id > :after ORDER BY b.id LIMIT :limit
""")  # noqa: S608
_ONE = text(f"SELECT {_COLUMNS}, b.document FROM books b WHERE b.county = :county AND b.id = :book")  # noqa: S608
