"""The linter: a book is adopted only if nothing in it is refused, and everything refused is told at once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from scoring.rulebooks.domain import redline
from scoring.rulebooks.domain.book import Aspect, Book
from scoring.rulebooks.domain.items import BASE, Item
from scoring.rulebooks.domain.reading import ASPECT_FIELDS, ITEM_FIELDS, WORD, Fields, read_aspect, read_item, shown
from scoring.rulebooks.domain.refusals import BookRefused, Refusal, Rule

BOOK_FIELDS = ("word", "version", "title", "starts_on", "base_tenths", "aspects", "items")
MOST_CODES = 100
BIGGEST = 256 * 1024  # bytes; with what else an event carries it stays well below the bus's 512 KiB


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that exist outside the book. A selector whose codes are not known here is not checked."""

    scorable: Mapping[str, bool]  # event name → whether rules may score it
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)  # "kinds" | "themes" | "modes" → codes


def read(document: Mapping[str, object], words: Vocabulary) -> Book:
    """Read a posted book. Raises BookRefused with every refusal."""
    refusals = list(_size(document))
    if refusals:
        raise BookRefused(refusals)  # a list of what is wrong with it might be as long
    top = Fields(document, "", refusals)
    top.only(BOOK_FIELDS)
    starts_on, base = top.day("starts_on"), top.wholes("base_tenths")
    word, version, title = top.text("word"), top.whole("version"), top.text("title")
    outlined = [(fields, read_aspect(fields)) for fields in top.objects("aspects")]
    aspects = tuple(aspect for _, aspect in outlined)
    written = [(fields, read_item(fields)) for fields in top.objects("items")]
    refusals += [*_head(top, starts_on, version), *_bases(base, top), *_twice("aspects", aspects)]
    refusals += [crossing for fields, _ in outlined for crossing in _as_written(fields, ASPECT_FIELDS)]
    refusals += _items(written, aspects, words)
    if refusals or starts_on is None:
        raise BookRefused(refusals)
    return Book(word, version, title, starts_on, base, aspects, tuple(item for _, item in written))


@lru_cache(maxsize=256)
def recall(document: str) -> Book:
    """Read an adopted book's JSON text, kept because a worker meets the same few books in every batch.

    What the linter has learnt since the adoption does not change the book.
    """
    top = Fields(json.loads(document), "", [])
    aspects = tuple(read_aspect(fields) for fields in top.objects("aspects"))
    items = tuple(read_item(fields) for fields in top.objects("items"))
    starts_on = top.day("starts_on") or date.max
    head = (top.text("word"), top.whole("version"), top.text("title"))
    return Book(*head, starts_on, top.wholes("base_tenths"), aspects, items)


def _items(written: Sequence[tuple[Fields, Item]], aspects: Sequence[Aspect], words: Vocabulary) -> Iterator[Refusal]:
    sound = [(fields.path, item) for fields, item in written if not fields.broken]
    yield from _twice("items", [item for _, item in sound])
    for fields, _ in written:
        yield from _as_written(fields, ITEM_FIELDS)
        yield from _lengths(fields)
    for path, item in sound:
        yield from _event(path, item, words)
        yield from _value(path, item)
        yield from _name(path, item)
        yield from _codes(path, item, words)
        yield from _caps(path, item, aspects)
    yield from _overlaps(sound)


def _head(top: Fields, starts_on: date | None, version: int) -> Iterator[Refusal]:
    if starts_on and (starts_on.day, starts_on.month % 3) != (1, 1):
        yield Refusal(Rule.STARTS_ON, "starts_on", "施行日期必须是一个季度的第一天。")
    if version < 1 and isinstance(top.raw.get("version"), int):
        yield Refusal(Rule.FORM, "version", "版本号从1开始。")
    word = top.raw.get("word")
    if isinstance(word, str) and word.strip() and not WORD.fullmatch(word):
        yield Refusal(Rule.FORM, "word", "简称应为小写字母、数字和横线，字母开头，如“taoyuan”。")


def _as_written(entry: Fields, allowed: Sequence[str]) -> list[Refusal]:
    """What can be said of an entry even if its fields have the wrong form; a crossing is told once, as a crossing."""
    crossings = list(redline.crossings(entry))
    entry.only((*allowed, *(crossing.path.removeprefix(entry.path) for crossing in crossings)))
    return crossings


def _size(document: Mapping[str, object]) -> Iterator[Refusal]:
    """A book goes on a topic as a whole, whose events have a size; a person should be able to read it, too."""
    try:
        size = len(json.dumps(document, ensure_ascii=False).encode(errors="replace"))
    except RecursionError:
        size = BIGGEST + 1
    if size > BIGGEST:
        yield Refusal(Rule.TOO_LONG, "", f"积分办法的内容过长（不超过{BIGGEST // 1024}KB），请删去不必要的内容。")


def _lengths(item: Fields) -> Iterator[Refusal]:
    for key in redline.SELECTORS:
        codes = item.raw.get(key)
        if isinstance(codes, list) and len(codes) > MOST_CODES:
            yield Refusal(Rule.TOO_LONG, item.path + key, f"一个项目最多列出{MOST_CODES}个代码。")


def _bases(base: Mapping[str, int], top: Fields) -> Iterator[Refusal]:
    if len(base) > MOST_CODES:
        yield Refusal(Rule.TOO_LONG, "base_tenths", f"最多列出{MOST_CODES}类人员。")
    if not base and isinstance(top.raw.get("base_tenths"), Mapping):
        yield Refusal(Rule.NO_CLASS, "base_tenths", "至少要写明一类人员的基础分。")
    for code, value in base.items():
        if value < 0:
            yield Refusal(Rule.NEGATIVE_BASE, f"base_tenths.{shown(code)}", "一类人员的基础分不能小于零。")


def _twice(where: str, entries: Sequence[Aspect | Item]) -> Iterator[Refusal]:
    codes = [entry.code for entry in entries]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Refusal(Rule.TWICE, where, f"代码“{code}”用了不止一次。")


def _event(path: str, item: Item, words: Vocabulary) -> Iterator[Refusal]:
    if redline.names_a_crossing(item.event):
        return  # told already, with the better reason
    if item.event not in words.scorable:
        yield Refusal(Rule.UNKNOWN_EVENT, path + "event", f"项目{item.code}依据的记录在系统中不存在。")
    elif not words.scorable[item.event]:
        yield Refusal(Rule.NOT_SCORABLE, path + "event", f"项目{item.code}依据的记录不允许计分。")


def _value(path: str, item: Item) -> Iterator[Refusal]:
    if item.kind == "deduction" or item.value < 0:
        where = "kind" if item.kind == "deduction" else "value_tenths"
        sentence = f"项目{item.code}不能由记录直接扣分：扣分须经第二人确认。"
        yield Refusal(Rule.NEGATIVE, path + where, sentence)
    elif item.kind != "bonus":
        yield Refusal(Rule.UNKNOWN_KIND, path + "kind", "没有这种项目，目前只有加分项（bonus）。")
    elif item.value == 0:
        yield Refusal(Rule.WORTHLESS, path + "value_tenths", f"项目{item.code}的分值为零，等于没有这一项。")


def _name(path: str, item: Item) -> Iterator[Refusal]:
    if item.code == BASE:
        yield Refusal(Rule.RESERVED, path + "code", f"代码“{BASE}”留给基础分，请另取一个。")


def _codes(path: str, item: Item, words: Vocabulary) -> Iterator[Refusal]:
    chosen = {"kinds": item.kinds, "themes": item.themes, "modes": item.modes}
    for key, codes in chosen.items():
        for code in sorted(codes - words.codes.get(key, codes)):
            if redline.names_a_crossing(code):
                continue  # told already, with the better reason
            yield Refusal(Rule.UNKNOWN_CODE, path + key, f"项目{item.code}用了没有登记的代码“{code}”。")


def _caps(path: str, item: Item, aspects: Sequence[Aspect]) -> Iterator[Refusal]:
    aspect = next((aspect for aspect in aspects if aspect.code == item.aspect), None)
    if aspect is None:
        yield Refusal(Rule.UNKNOWN_ASPECT, path + "aspect", f"项目{item.code}归入的方面“{item.aspect}”没有写在办法里。")
    elif aspect.quarter_cap is not None and aspect.quarter_cap < item.value:
        sentence = f"方面{aspect.code}的季度封顶低于项目{item.code}一次的分值。"
        yield Refusal(Rule.ASPECT_CAP, path + "aspect", sentence)
    for key, cap in (("month_cap_tenths", item.month_cap), ("quarter_cap_tenths", item.quarter_cap)):
        if cap is not None and cap < item.value:
            yield Refusal(Rule.ITEM_CAP, path + key, f"项目{item.code}的封顶低于一次的分值。")
    if item.month_cap is not None and item.quarter_cap is not None and item.value <= item.quarter_cap < item.month_cap:
        sentence = f"项目{item.code}的每月封顶高于季度封顶，永远用不上。"
        yield Refusal(Rule.IDLE_MONTH_CAP, path + "month_cap_tenths", sentence)


def _overlaps(sound: Sequence[tuple[str, Item]]) -> Iterator[Refusal]:
    """Refuse two items that could claim one fact: what a fact earns must not depend on which row is read first."""
    for at, (path, item) in enumerate(sound):
        for _, earlier in sound[:at]:
            if item.overlaps(earlier):
                sentence = f"项目{item.code}与{earlier.code}会对同一件事重复计分，请分清各自的范围。"
                yield Refusal(Rule.OVERLAP, path + "event", sentence)
