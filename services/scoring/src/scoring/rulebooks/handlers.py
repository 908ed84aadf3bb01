"""Adopting a book, and telling which periods it rules."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.commands import NotKnownYet
from kit.tokens import Principal
from scoring.access import Resource, require
from scoring.events import Cause
from scoring.ids import BookId, Quarter
from scoring.rulebooks import domain, events
from scoring.rulebooks.domain import Book
from scoring.rulebooks.events import BookState
from scoring.work import Work


@dataclass(frozen=True, slots=True)
class AdoptBook:
    document: dict[str, Any]


async def adopt_book(work: Work, command: AdoptBook, by: Principal) -> BookId:
    """Lint a book and adopt it as it stands. Raises Forbidden, BookRefused, NotKnownYet, VersionTaken."""
    require(by, "book.adopt", Resource(work.county))
    book = domain.read(command.document, events.vocabulary())
    if not await work.books.knows(work.county):
        raise NotKnownYet("本县的资料尚未同步到积分系统，请稍后再试。")
    id_ = BookId(work.new_id())
    await work.books.add(work.county, id_, book, document=command.document, by=by.user, now=work.now)
    cause = Cause(work.correlation, actor=by.user, origin="desk")
    await work.outbox.add(events.adopted(work, cause, BookState(id_, command.document)))
    return id_


async def held_book(work: Work, book: str) -> Book:
    """The adopted book, its row held until the transaction ends. Raises BookNotFound."""
    document, _ = await work.books.lock(work.county, book)
    return domain.recall(json.dumps(document))


async def tell_of_binding(work: Work, book: BookId, periods: Sequence[Quarter], cause: Cause) -> None:
    """Publish the periods that the book rules now. Its row is held."""
    document, revision = await work.books.lock(work.county, book)
    await work.books.advance(work.county, book)
    await work.outbox.add(events.bound(work, cause, BookState(book, document, periods, revision + 1)))
