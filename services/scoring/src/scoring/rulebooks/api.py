"""Rule books over HTTP: what is posted is linted and kept as a draft, or refused with every reason at once.

A second person adopts the draft as it stands; the `revision` says which text that person has read.
"""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field, RootModel

from kit.commands import Created, IfMatch, Page, Paging, page, set_etag
from kit.problems import Answer, ErrorTable
from scoring.access import Resource, require
from scoring.forms import Form, PathId, Read, Write, after_id
from scoring.rulebooks import domain, handlers, queries
from scoring.rulebooks.domain import drafts

router = APIRouter(tags=["books"])


class BookIn(RootModel[dict[str, Any]]):
    """The book's document. The linter reads it field by field, because a clerk needs better words than a schema's."""


class AdoptionIn(Form):
    revision: Annotated[int, Field(ge=1, le=2**31 - 1, description="Of the text that was read: the book's ETag.")]


class Listed(BaseModel):
    id: str
    word: str
    version: int
    title: str
    starts_on: date
    state: drafts.State
    revision: int
    drafted_by: str
    drafted_at: datetime
    adopted_by: str | None
    adopted_at: datetime | None
    discarded_by: str | None
    discarded_at: datetime | None
    periods: list[str]


class BookOut(Listed):
    document: dict[str, Any]


@router.post("/books", status_code=201)
async def draft(body: BookIn, edge: Write) -> Created:
    kept = await handlers.draft_book(edge.work, body.root, edge.by)
    return await edge.created(kept.id, etag=kept.revision)


@router.put("/books/{book}")
async def correct(book: PathId, body: BookIn, seen: IfMatch, edge: Write) -> BookOut:
    """Replace a draft by a corrected text. What was adopted is never changed: that takes a new version."""
    kept = await handlers.correct_draft(edge.work, book, body.root, seen, edge.by)
    set_etag(edge.response, kept.revision)
    return BookOut(**await queries.one_book(edge.work, book))


@router.post("/books/{book}/adoption", status_code=201)
async def adopt(book: PathId, body: AdoptionIn, edge: Write) -> Created:
    """Adopt a draft that somebody else has made. From now on it may rule a quarter, and nothing in it changes."""
    kept = await handlers.adopt_book(edge.work, book, body.revision, edge.by)
    return await edge.created(kept.id, etag=kept.revision)


@router.post("/books/{book}/discarding", status_code=201)
async def discard(book: PathId, edge: Write) -> Created:
    kept = await handlers.discard_book(edge.work, book, edge.by)
    return await edge.created(kept.id, etag=kept.revision)


@router.get("/books")
async def list_books(edge: Read, paging: Paging) -> Page[Listed]:
    require(edge.by, "book.read", Resource(edge.by.county))
    rows = await queries.list_books(edge.work, paging.limit, after_id(paging))
    return page([Listed(**row) for row in rows], paging, lambda row: (row.id,))


@router.get("/books/{book}")
async def one(book: PathId, edge: Read) -> BookOut:
    require(edge.by, "book.read", Resource(edge.by.county))
    found = BookOut(**await queries.one_book(edge.work, book))
    set_etag(edge.response, found.revision)
    return found


ERRORS: ErrorTable = {
    domain.BookRefused: Answer(422, "book-refused", "积分办法不能采用"),
    domain.BookNotFound: Answer(404, "book-not-found", "没有这个积分办法"),
    domain.VersionTaken: Answer(409, "version-taken", "这一版已经采用"),
    drafts.NotADraft: Answer(409, "not-a-draft", "不是草案"),
    drafts.NotAdopted: Answer(409, "not-adopted", "积分办法尚未采用"),
    drafts.OwnDraft: Answer(409, "own-draft", "不能采用自己的草案"),
    drafts.SomebodyElsesDraft: Answer(409, "somebody-elses-draft", "不是您起草的"),
}
