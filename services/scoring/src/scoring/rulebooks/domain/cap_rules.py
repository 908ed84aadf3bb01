"""What the linter asks of caps: each can be reached, none is hidden by a wider one, and none cuts a single award."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from scoring.rulebooks.domain.book import Book
from scoring.rulebooks.domain.items import Item
from scoring.rulebooks.domain.language import Written
from scoring.rulebooks.domain.refusals import Refusal, Rule

WORDS = {
    "fact_cap_tenths": "每次封顶",
    "month_cap_tenths": "每月封顶",
    "quarter_cap_tenths": "季度封顶",
    "year_cap_tenths": "全年封顶",
}
IDLE = {
    "fact_cap_tenths": Rule.IDLE_FACT_CAP,
    "month_cap_tenths": Rule.IDLE_MONTH_CAP,
    "quarter_cap_tenths": Rule.IDLE_QUARTER_CAP,
}
Caps = Sequence[tuple[str, int]]


def caps(path: str, item: Item, book: Book) -> Iterator[Refusal]:
    once = _once(item)
    if item.fact_cap is not None and (item.kind, item.per) == ("bonus", "occurrence"):
        sentence = f"项目{item.code}按次计分，每次的分值已定，每次封顶只用于按小时计分的项目。"
        yield Refusal(Rule.FACT_CAP, path + "fact_cap_tenths", sentence)
        return
    for key, cap in _own(item):
        if cap < (1 if key == "fact_cap_tenths" else once):
            yield Refusal(Rule.ITEM_CAP, path + key, f"项目{item.code}的封顶低于一次的分值。")
    yield from _idle(path, f"项目{item.code}", _own(item), once)
    if item.kind != "veto":
        yield from _in_aspect(path, item, book, once)


def aspects(written: Written) -> Iterator[Refusal]:
    for fields, aspect in written.aspects:
        if not fields.refused:
            own = _given(aspect.month_cap, aspect.quarter_cap, aspect.year_cap)
            yield from _idle(fields.path, f"方面{aspect.code}", own, 0)


def _in_aspect(path: str, item: Item, book: Book, once: int) -> Iterator[Refusal]:
    aspect = next((aspect for aspect in book.aspects if aspect.code == item.aspect), None)
    if aspect is None:
        yield Refusal(Rule.UNKNOWN_ASPECT, path + "aspect", f"项目{item.code}归入的方面“{item.aspect}”没有写在办法里。")
        return
    for key, cap in _given(aspect.month_cap, aspect.quarter_cap, aspect.year_cap):
        if cap < once and not item.takes_away:
            sentence = f"方面{aspect.code}的{WORDS[key]}低于项目{item.code}一次的分值。"
            yield Refusal(Rule.ASPECT_CAP, path + "aspect", sentence)
            break
    if aspect.month_cap is not None and not book.mean_of_months:
        for key, _ in _given(None, item.quarter_cap, item.year_cap):
            sentence = f"方面{aspect.code}按月封顶，其中的项目{item.code}也只能按月封顶。"
            yield Refusal(Rule.ASPECT_MONTH_CAP, path + key, sentence)


def _once(item: Item) -> int:
    """What one award takes of a cap. Of an item per hour that is an hour, or the whole award if that is less."""
    if item.kind == "appraisal":
        return max(item.grades.values(), default=0)
    once = abs(item.value)
    return once if item.fact_cap is None else min(once, max(item.fact_cap, 0))


def _own(item: Item) -> Caps:
    fact = [] if item.fact_cap is None else [("fact_cap_tenths", item.fact_cap)]
    return [*fact, *_given(item.month_cap, item.quarter_cap, item.year_cap)]


def _given(month: int | None, quarter: int | None, year: int | None) -> Caps:
    keys = ("month_cap_tenths", "quarter_cap_tenths", "year_cap_tenths")
    return [(key, cap) for key, cap in zip(keys, (month, quarter, year), strict=True) if cap is not None]


def _idle(path: str, whose: str, own: Caps, once: int) -> Iterator[Refusal]:
    """Refuse a cap that a wider one comes before, so that it is never reached."""
    for (key, cap), (wider_key, wider) in pairwise(own):
        if once <= wider < cap:
            sentence = f"{whose}的{WORDS[key]}高于{WORDS[wider_key]}，永远用不上。"
            yield Refusal(IDLE[key], path + key, sentence)
