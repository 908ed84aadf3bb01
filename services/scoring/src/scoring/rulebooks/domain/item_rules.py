"""What the linter asks of each item, and of any two."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scoring.rulebooks.domain import cap_rules, redline
from scoring.rulebooks.domain.book import Book
from scoring.rulebooks.domain.book_rules import MOST_CODES, twice
from scoring.rulebooks.domain.items import BASE, Item
from scoring.rulebooks.domain.language import FIELDS_OF, ITEM_FIELDS, SELECTORS, Written
from scoring.rulebooks.domain.reading import Fields
from scoring.rulebooks.domain.refusals import Refusal, Rule

KINDS = {"bonus": "加分项", "appraisal": "评议项", "deduction": "扣分项", "veto": "一票否决项"}
ONCE_PER = ("day", "activity", "theme", "month", "quarter")
LISTS = (*SELECTORS, "classes", "grades")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that exist outside the book. A selector whose codes are not known here is not checked."""

    scorable: Mapping[str, bool]  # event name → whether rules may score it
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)  # "kinds" | "themes" | "modes" → codes
    proposing: frozenset[str] = frozenset()  # the events that may propose a deduction or a veto


def refusals(written: Written, words: Vocabulary) -> Iterator[Refusal]:
    for fields, item in written.items:
        yield from _lengths(fields)
        if item.kind not in KINDS and "kind" not in fields.refused:
            known = "、".join(f"{name}（{code}）" for code, name in KINDS.items())
            yield Refusal(Rule.UNKNOWN_KIND, fields.path + "kind", f"没有这种项目，只有{known}。")
    sound = [(fields, item) for fields, item in written.items if not fields.refused and item.kind in KINDS]
    yield from twice("items", sound)
    for fields, item in sound:
        yield from _item(fields, item, written.book, words)
    yield from cap_rules.aspects(written)
    yield from _overlaps(sound)


def _item(fields: Fields, item: Item, book: Book, words: Vocabulary) -> Iterator[Refusal]:
    yield from _placed(fields, item)
    yield from _event(fields.path, item, words)
    yield from _value(fields.path, item)
    yield from _name(fields.path, item)
    yield from _codes(fields.path, item, words)
    yield from _classes(fields.path, item, book)
    if item.kind == "bonus":
        yield from _measure(fields.path, item)
    yield from _rhythm(fields.path, item)
    yield from cap_rules.caps(fields.path, item, book)


def _lengths(fields: Fields) -> Iterator[Refusal]:
    for key in LISTS:
        codes = fields.raw.get(key)
        if isinstance(codes, list | Mapping) and len(codes) > MOST_CODES:
            yield Refusal(Rule.TOO_LONG, fields.path + key, f"一个项目最多列出{MOST_CODES}个代码。")


def _placed(fields: Fields, item: Item) -> Iterator[Refusal]:
    """Refuse a field of another kind of item: what would have no effect must not be believed to have one."""
    for key in ITEM_FIELDS:
        if fields.raw.get(key) is not None and key not in FIELDS_OF[item.kind]:
            sentence = f"项目{item.code}是{KINDS[item.kind]}，没有这一栏。"
            yield Refusal(Rule.MISPLACED, fields.path + key, sentence)
        elif item.takes_away and not item.event and key in SELECTORS and fields.raw.get(key):
            sentence = f"项目{item.code}没有写明由哪种记录（event）提出，不能再限定记录的范围。"
            yield Refusal(Rule.MISPLACED, fields.path + key, sentence)


def _event(path: str, item: Item, words: Vocabulary) -> Iterator[Refusal]:
    if not item.event or redline.names_a_crossing(item.event):
        return  # nothing to say, or told already with the better reason
    if item.event not in words.scorable:
        yield Refusal(Rule.UNKNOWN_EVENT, path + "event", f"项目{item.code}依据的记录在系统中不存在。")
    elif item.kind == "bonus" and not words.scorable[item.event]:
        yield Refusal(Rule.NOT_SCORABLE, path + "event", f"项目{item.code}依据的记录不允许计分。")
    elif item.takes_away and item.event not in words.proposing:
        yield Refusal(Rule.NOT_PROPOSING, path + "event", f"项目{item.code}依据的记录不能用来提出扣分。")


def _value(path: str, item: Item) -> Iterator[Refusal]:
    if item.kind == "appraisal":
        yield from _grades(path, item)
    elif item.kind == "bonus" and item.value < 0:
        sentence = f"项目{item.code}不能由记录直接扣分：扣分须经第二人确认，请改用扣分项（deduction）。"
        yield Refusal(Rule.NEGATIVE, path + "value_tenths", sentence)
    elif item.kind == "bonus" and item.value == 0:
        yield Refusal(Rule.WORTHLESS, path + "value_tenths", f"项目{item.code}的分值为零，等于没有这一项。")
    elif item.kind == "deduction" and item.value >= 0:
        yield Refusal(Rule.NOT_NEGATIVE, path + "value_tenths", f"扣分项{item.code}的分值应小于零。")


def _grades(path: str, item: Item) -> Iterator[Refusal]:
    if not item.grades:
        yield Refusal(Rule.NO_GRADES, path + "grades", f"评议项{item.code}没有写明各等次的分值。")
    elif not any(item.grades.values()):
        yield Refusal(Rule.WORTHLESS, path + "grades", f"项目{item.code}各等次的分值都为零，等于没有这一项。")
    for grade, value in item.grades.items():
        if value < 0:
            sentence = f"评议项{item.code}的等次不能扣分：扣分请另立扣分项（deduction）。"
            yield Refusal(Rule.NEGATIVE_GRADE, f"{path}grades.{grade}", sentence)


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


def _classes(path: str, item: Item, book: Book) -> Iterator[Refusal]:
    for code in sorted(item.classes - book.base.keys()) if book.base else ():
        yield Refusal(Rule.UNKNOWN_CLASS, path + "classes", f"项目{item.code}限定的人员类别“{code}”没有写明基础分。")


def _measure(path: str, item: Item) -> Iterator[Refusal]:
    """Whether hours are counted. Those of an online activity would be time spent on a screen."""
    if item.per not in {"occurrence", "hour"} and not redline.names_a_crossing(item.per):
        yield Refusal(
            Rule.UNKNOWN_MEASURE, path + "per", f"项目{item.code}只能按次（occurrence）或按小时（hour）计分。"
        )
    if item.per == "hour" and (not item.modes or "online" in item.modes):
        sentence = f"项目{item.code}按小时计分，须写明活动方式，且不得含线上：在线时长不能计分（国办函〔2026〕12号）。"
        yield Refusal(Rule.ONLINE_HOURS, path + "modes", sentence)


def _rhythm(path: str, item: Item) -> Iterator[Refusal]:
    if item.once_per is not None and item.once_per not in ONCE_PER and not redline.names_a_crossing(item.once_per):
        sentence = (
            f"项目{item.code}只计一次的范围，只有每天、每项活动、每个主题、每月、每季度几种（{'、'.join(ONCE_PER)}）。"
        )
        yield Refusal(Rule.UNKNOWN_ONCE, path + "once_per", sentence)
    if item.every not in {"quarter", "month"} and not redline.names_a_crossing(item.every):
        sentence = f"评议项{item.code}只能每季度（quarter）或每月（month）进行一次。"
        yield Refusal(Rule.UNKNOWN_EVERY, path + "every", sentence)


def _overlaps(sound: Sequence[tuple[Fields, Item]]) -> Iterator[Refusal]:
    """Refuse two items that could claim one fact: what a fact earns must not depend on which row is read first."""
    for at, (fields, item) in enumerate(sound):
        for _, earlier in sound[:at]:
            if item.takes_away == earlier.takes_away and item.overlaps(earlier):
                sentence = f"项目{item.code}与{earlier.code}会对同一件事重复计分，请分清各自的范围。"
                yield Refusal(Rule.OVERLAP, fields.path + "event", sentence)
