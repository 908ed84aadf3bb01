"""How books are kept."""

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.ids import BookId, CountyId
from scoring.rulebooks.domain import Book, BookNotFound, VersionTaken


class BookRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def knows(self, county: CountyId) -> bool:
        """Whether registry has told of the county yet."""
        return (await self._session.execute(_KNOWS, {"county": county})).first() is not None

    async def add(  # noqa: PLR0913 — a row
        self, county: CountyId, id_: BookId, book: Book, *, document: dict[str, Any], by: str, now: datetime
    ) -> None:
        """Raises VersionTaken."""
        row = {
            "county": county, "id": id_, "word": book.word, "version": book.version, "starts_on": book.starts_on,
            "document": orjson.dumps(document).decode(), "by": by, "now": now,
        }  # fmt: skip
        try:
            await self._session.execute(_INSERT, row)
        except IntegrityError as error:
            raise VersionTaken(book.word, book.version) from error

    async def lock(self, county: CountyId, book: str) -> tuple[dict[str, Any], int]:
        """Hold the book's row; return its document and how many events told of it. Raises BookNotFound."""
        found = (await self._session.execute(_LOCK, {"county": county, "id": book})).first()
        if found is None:
            raise BookNotFound(book)
        return found.document, found.revision

    async def advance(self, county: CountyId, book: BookId) -> None:
        await self._session.execute(_ADVANCE, {"county": county, "id": book})


_KNOWS = text("SELECT 1 FROM counties WHERE county = :county")
_INSERT = text("""
    INSERT INTO books (county, id, word, version, starts_on, document, revision, adopted_by, adopted_at)
    VALUES (:county, :id, :word, :version, :starts_on, CAST(:document AS jsonb), 1, :by, :now)
""")
_LOCK = text("SELECT document, revision FROM books WHERE county = :county AND id = :id FOR UPDATE")
_ADVANCE = text("UPDATE books SET revision = revision + 1 WHERE county = :county AND id = :id")
