"""The linter: a book is adopted only if nothing in it is refused, and everything refused is told at once."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from scoring.rulebooks.domain import book_rules, item_rules, redline
from scoring.rulebooks.domain.book import Book
from scoring.rulebooks.domain.item_rules import Vocabulary
from scoring.rulebooks.domain.language import (
    ASPECT_FIELDS,
    BAND_FIELDS,
    BOOK_FIELDS,
    ITEM_FIELDS,
    NOTICE_FIELDS,
    YEAR_FIELDS,
    Written,
    take_apart,
)
from scoring.rulebooks.domain.reading import Fields
from scoring.rulebooks.domain.refusals import BookRefused, Refusal, Rule

PLACE = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")
BIGGEST = 256 * 1024  # bytes; with what else an event carries it stays well below the bus's 512 KiB


def read(document: Mapping[str, object], words: Vocabulary) -> Book:
    """Read a posted book. Raises BookRefused with every refusal."""
    refusals = list(_size(document))
    if refusals:
        raise BookRefused(refusals)  # a list of what is wrong with it might be as long
    written = take_apart(document, refusals)
    refusals += [*_as_written(written), *book_rules.refusals(written), *item_rules.refusals(written, words)]
    if refusals:
        raise BookRefused(sorted(refusals, key=_place))
    return written.book


@lru_cache(maxsize=256)
def recall(document: str) -> Book:
    """Read an adopted book's JSON text, kept because a worker meets the same few books in every batch.

    What the linter has learnt since the adoption does not change the book.
    """
    return take_apart(json.loads(document), []).book


def _place(refusal: Refusal) -> tuple[list[tuple[str, int]], bool]:
    """Entry by entry as a reader goes through a book; that there is no such field comes after better reasons."""
    entry = refusal.path.rpartition(".")[0]
    parts = [(word, int(number or 0)) for word, number in PLACE.findall(entry)]
    return parts, refusal.rule is Rule.UNKNOWN_FIELD


def _as_written(written: Written) -> Iterator[Refusal]:
    """What can be said of an entry even if its fields have the wrong form; a crossing is told once, as a crossing.

    What was left out is words about what the language refuses, so no red line is looked for in it.
    """
    written.top.only(BOOK_FIELDS)
    entries: list[tuple[Fields, tuple[str, ...]]] = [(fields, ASPECT_FIELDS) for fields, _ in written.aspects]
    entries += [(fields, ITEM_FIELDS) for fields, _ in written.items]
    entries += [(fields, BAND_FIELDS) for fields, _ in (*written.bands, *written.year_bands)]
    entries += [(fields, NOTICE_FIELDS) for fields in (written.notice,) if fields]
    entries += [(fields, YEAR_FIELDS) for fields in (written.year,) if fields]
    for fields, allowed in entries:
        yield from _entry(fields, allowed)


def _entry(fields: Fields, allowed: tuple[str, ...]) -> list[Refusal]:
    crossings = list(redline.crossings(fields))
    fields.only((*allowed, *(crossing.path.removeprefix(fields.path) for crossing in crossings)))
    return crossings


def _size(document: Mapping[str, object]) -> Iterator[Refusal]:
    """A book goes on a topic as a whole, whose events have a size; a person should be able to read it, too."""
    try:
        size = len(json.dumps(document, ensure_ascii=False).encode(errors="replace"))
    except RecursionError:
        size = BIGGEST + 1
    if size > BIGGEST:
        yield Refusal(Rule.TOO_LONG, "", f"积分办法的内容过长（不超过{BIGGEST // 1024}KB），请删去不必要的内容。")
