"""Drafting, correcting, adopting and discarding a book, and telling which periods it rules."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kit.commands import NotKnownYet, require_version
from kit.tokens import Principal
from scoring.access import Resource, require
from scoring.events import Cause
from scoring.ids import BookId, Quarter
from scoring.rulebooks import domain, events
from scoring.rulebooks.domain import Book, BookRefused, Refusal, drafts
from scoring.rulebooks.domain.drafts import Kept
from scoring.rulebooks.events import BookState
from scoring.work import Work

Document = Mapping[str, Any]


def refusals(document: Document) -> Sequence[Refusal]:
    """Everything for which the linter would refuse a book."""
    try:
        domain.read(document, events.vocabulary())
    except BookRefused as refused:
        return refused.refusals
    return ()


async def draft_book(work: Work, document: Document, by: Principal) -> Kept:
    """Lint a book and keep it as a draft. Raises Forbidden, BookRefused, NotKnownYet, VersionTaken."""
    require(by, "book.draft", Resource(work.county))
    book = domain.read(document, events.vocabulary())
    if not await work.books.knows(work.county):
        raise NotKnownYet("本县的资料尚未同步到积分系统，请稍后再试。")
    await work.books.require_free(work.county, book)
    kept = Kept(BookId(work.new_id()), document, by.user)
    await work.books.add(work.county, kept, book, work.now)
    return kept


async def correct_draft(work: Work, book: str, document: Document, seen: int, by: Principal) -> Kept:
    """Replace a draft's text by one that is linted anew.

    Raises Forbidden, BookNotFound, StaleVersion, NotADraft, SomebodyElsesDraft, BookRefused, VersionTaken.
    """
    require(by, "book.draft", Resource(work.county))
    kept = await work.books.lock(work.county, book)
    corrected = drafts.redraft(kept, document, by.user)
    require_version(seen, kept.revision)
    linted = domain.read(document, events.vocabulary())
    await work.books.require_free(work.county, linted)
    await work.books.rewrite(work.county, corrected, linted, work.now)
    return corrected


async def adopt_book(work: Work, book: str, seen: int, by: Principal) -> Kept:
    """Put the draft that was seen in force. It is linted once more, because the linter may have learnt since.

    Raises Forbidden, BookNotFound, StaleVersion, NotADraft, OwnDraft, BookRefused, VersionTaken.
    """
    require(by, "book.adopt", Resource(work.county))
    kept = await work.books.lock(work.county, book)
    adopted = drafts.adopt(kept, by.user)
    require_version(seen, kept.revision)
    linted = domain.read(kept.document, events.vocabulary())
    await work.books.decide(work.county, adopted, linted, by=by.user, now=work.now)
    cause = work.asked_by(by)
    await work.outbox.add(events.adopted(work, cause, BookState(adopted.id, adopted.document, (), adopted.told)))
    return adopted


async def discard_book(work: Work, book: str, by: Principal) -> Kept:
    """Give a draft up; it stays readable. Raises Forbidden, BookNotFound, NotADraft."""
    require(by, "book.draft", Resource(work.county))
    kept = await work.books.lock(work.county, book)
    discarded = drafts.discard(kept)
    await work.books.decide(work.county, discarded, _book(kept), by=by.user, now=work.now)
    return discarded


async def held_book(work: Work, book: str) -> Book:
    """The adopted book, its row held until the transaction ends. Raises BookNotFound, NotAdopted."""
    kept = await work.books.lock(work.county, book)
    drafts.require_adopted(kept)
    return _book(kept)


async def tell_of_binding(work: Work, book: BookId, periods: Sequence[Quarter], cause: Cause) -> None:
    """Publish the periods that the book rules now. Its row is held."""
    bound = drafts.bind(await work.books.lock(work.county, book))
    await work.books.advance(work.county, bound)
    await work.outbox.add(events.bound(work, cause, BookState(book, bound.document, periods, bound.told)))


def _book(kept: Kept) -> Book:
    return domain.recall(json.dumps(kept.document))
