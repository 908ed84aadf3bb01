"""Rule books over HTTP: what is posted is linted and adopted as it stands, or refused with every reason at once."""

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, RootModel

from kit.commands import Created, Page, Paging, page
from kit.problems import Answer, ErrorTable
from scoring.access import Resource, require
from scoring.forms import PathId, Read, Write, after_id
from scoring.rulebooks import domain, handlers, queries
from scoring.rulebooks.handlers import AdoptBook

router = APIRouter(tags=["books"])


class BookIn(RootModel[dict[str, Any]]):
    """The book's document. The linter reads it field by field, because a clerk needs better words than a schema's."""


class Listed(BaseModel):
    id: str
    word: str
    version: int
    title: str
    starts_on: date
    adopted_at: datetime
    periods: list[str]


class BookOut(Listed):
    document: dict[str, Any]


@router.post("/books", status_code=201)
async def adopt(body: BookIn, edge: Write) -> Created:
    book = await handlers.adopt_book(edge.work, AdoptBook(body.root), edge.by)
    return await edge.created(book, etag=1)


@router.get("/books")
async def list_books(edge: Read, paging: Paging) -> Page[Listed]:
    require(edge.by, "book.read", Resource(edge.by.county))
    rows = await queries.list_books(edge.work, paging.limit, after_id(paging))
    return page([Listed(**row) for row in rows], paging, lambda row: (row.id,))


@router.get("/books/{book}")
async def one(book: PathId, edge: Read) -> BookOut:
    require(edge.by, "book.read", Resource(edge.by.county))
    return BookOut(**await queries.one_book(edge.work, book))


ERRORS: ErrorTable = {
    domain.BookRefused: Answer(422, "book-refused", "积分办法不能采用"),
    domain.BookNotFound: Answer(404, "book-not-found", "没有这个积分办法"),
    domain.VersionTaken: Answer(409, "version-taken", "这一版已经采用"),
}
