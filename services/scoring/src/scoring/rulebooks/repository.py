"""How books are kept."""

from datetime import datetime

import orjson
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.ids import BookId, CountyId
from scoring.rulebooks.domain import Book, BookNotFound, VersionTaken
from scoring.rulebooks.domain.drafts import Kept, State


class BookRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def knows(self, county: CountyId) -> bool:
        """Whether registry has told of the county yet."""
        return (await self._session.execute(_KNOWS, {"county": county})).first() is not None

    async def require_free(self, county: CountyId, book: Book) -> None:
        """Raise VersionTaken if this version was adopted already."""
        version = {"county": county, "word": book.word, "version": book.version}
        if (await self._session.execute(_TAKEN, version)).first() is not None:
            raise VersionTaken(book.word, book.version)

    async def add(self, county: CountyId, kept: Kept, book: Book, now: datetime) -> None:
        await self._session.execute(_INSERT, {**_written(county, kept, book), "by": kept.drafted_by, "now": now})

    async def lock(self, county: CountyId, book: str) -> Kept:
        """Hold the book's row. Raises BookNotFound."""
        found = (await self._session.execute(_LOCK, {"county": county, "id": book})).first()
        if found is None:
            raise BookNotFound(book)
        return Kept(BookId(found.id), found.document, found.drafted_by, State(found.state), found.revision, found.told)

    async def rewrite(self, county: CountyId, kept: Kept, book: Book, now: datetime) -> None:
        """Keep a draft's new text. The row is held."""
        await self._session.execute(_REWRITE, {**_written(county, kept, book), "now": now})

    async def decide(self, county: CountyId, kept: Kept, book: Book, *, by: str, now: datetime) -> None:
        """Keep what became of a draft. The row is held. Raises VersionTaken."""
        key = {"county": county, "id": kept.id, "revision": kept.revision, "by": by, "now": now}
        try:
            await self._session.execute(_DECIDE[kept.state], key)
        except IntegrityError as error:  # somebody adopted another draft of this version meanwhile
            raise VersionTaken(book.word, book.version) from error

    async def advance(self, county: CountyId, kept: Kept) -> None:
        """Keep that something was told of an adopted book. The row is held."""
        await self._session.execute(_ADVANCE, {"county": county, "id": kept.id})


def _written(county: CountyId, kept: Kept, book: Book) -> dict[str, object]:
    return {
        "county": county, "id": kept.id, "revision": kept.revision, "document": orjson.dumps(kept.document).decode(),
        "word": book.word, "version": book.version, "starts_on": book.starts_on,
    }  # fmt: skip


_KNOWS = text("SELECT 1 FROM counties WHERE county = :county")
_TAKEN = text("""
    SELECT 1 FROM books WHERE county = :county AND word = :word AND version = :version AND state = 'adopted'
""")
_INSERT = text("""
    INSERT INTO books (county, id, word, version, starts_on, document, revision, told, state, drafted_by, drafted_at)
    VALUES (:county, :id, :word, :version, :starts_on, CAST(:document AS jsonb), :revision, 0, 'draft', :by, :now)
""")
_LOCK = text("""
    SELECT id, document, drafted_by, state, revision, told FROM books WHERE county = :county AND id = :id FOR UPDATE
""")
_REWRITE = text("""
    UPDATE books
    SET word = :word, version = :version, starts_on = :starts_on, document = CAST(:document AS jsonb),
        revision = :revision, drafted_at = :now
    WHERE county = :county AND id = :id
""")
_DECIDE = {
    State.ADOPTED: text("""
        UPDATE books SET state = 'adopted', adopted_by = :by, adopted_at = :now, revision = :revision, told = 1
        WHERE county = :county AND id = :id
    """),
    State.DISCARDED: text("""
        UPDATE books SET state = 'discarded', discarded_by = :by, discarded_at = :now, revision = :revision
        WHERE county = :county AND id = :id
    """),
}
_ADVANCE = text("UPDATE books SET revision = revision + 1, told = told + 1 WHERE county = :county AND id = :id")
