"""A sound book that says something of everything, and small changes to it."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring.rulebooks.domain import BookRefused, Vocabulary, read
from scoring.rulebooks.domain.refusals import Refusal, Rule

WORDS = Vocabulary(
    scorable={
        "activity.attended": True, "activity.excused": True, "activity.missed": False, "person.amended": False,
    },
    codes={
        "modes": frozenset({"assembled", "online", "delivered"}),
        "kinds": frozenset({"study", "service", "shift", "talk"}),
    },
    proposing=frozenset({"activity.missed"}),
)  # fmt: skip
Document = dict[str, Any]
Change = Callable[[Document], None]
Mutant = tuple[Rule, str, Change]
STUDY, SERVICE, CONDUCT, MISSED, VETO, SHIFT, TALK = range(7)


def document() -> Document:
    attended = {"event": "activity.attended"}
    return {
        "word": "example",
        "version": 1,
        "title": "示例办法",
        "starts_on": "2022-01-01",
        "base_tenths": {"A": 600, "B": 500},
        "carry_over_percent": 20,
        "aspects": [
            {"code": "learning", "name": "学习活动", "quarter_cap_tenths": 150, "year_cap_tenths": 400},
            {"code": "family", "name": "家风美德"},
        ],
        "items": [
            {**attended, "code": "study", "name": "集中学习", "aspect": "learning",
             "kinds": ["study"], "value_tenths": 20, "month_cap_tenths": 60, "quarter_cap_tenths": 120},
            {**attended, "code": "service", "name": "公益服务", "aspect": "family", "kind": "bonus",
             "kinds": ["service"], "modes": ["assembled"], "value_tenths": 15},
            {"code": "conduct", "name": "家风评议", "aspect": "family", "kind": "appraisal",
             "grades": {"good": 50, "fair": 30}},
            {"code": "study-missed", "name": "无故缺席", "aspect": "learning", "kind": "deduction",
             "event": "activity.missed", "kinds": ["study"], "value_tenths": -20, "quarter_cap_tenths": 60},
            {"code": "discipline", "name": "一票否决", "kind": "veto"},
            {**attended, "code": "shift", "name": "值班", "aspect": "family", "kinds": ["shift"],
             "modes": ["assembled"], "value_tenths": 10, "per": "hour", "fact_cap_tenths": 20},
            {**attended, "code": "talk", "name": "宣讲", "aspect": "family", "kinds": ["talk"], "classes": ["A"],
             "value_tenths": 10, "once_per": "theme", "year_cap_tenths": 50},
        ],
        "bands": [
            {"code": "pass", "name": "合格", "from_tenths": 600, "to_tenths": 799},
            {"code": "good", "name": "优秀", "from_tenths": 800, "to_tenths": None},
        ],
        "year": {"take": "mean", "bands": [{"code": "pass", "name": "合格", "from_tenths": 600}]},
        "notice": {"window_days": 5, "shows": "grades", "board": "village-hall"},
        "late": "reopen",
        "left_out": [{"text": "登录平台每日加1分", "why": "积分只来自组织记录的实际活动"}],
    }  # fmt: skip


def refusals(book: Document, words: Vocabulary = WORDS) -> tuple[Refusal, ...]:
    with pytest.raises(BookRefused) as caught:
        read(book, words)
    return caught.value.refusals


def item(at: int = SERVICE, /, **change: object) -> Change:
    return lambda book: book["items"][at].update(change)


def without(at: int, field: str) -> Change:
    return lambda book: book["items"][at].pop(field)


def book(**change: object) -> Change:
    return lambda document: document.update(change)


def aspect(at: int = 0, /, **change: object) -> Change:
    return lambda document: document["aspects"][at].update(change)


def another(entry: str, /, **written: object) -> Change:
    return lambda document: document[entry].append(written)


def band(at: int, /, **change: object) -> Change:
    return lambda document: document["bands"][at].update(change)


def notice(**change: object) -> Change:
    return lambda document: document["notice"].update(change)


def year(**change: object) -> Change:
    return lambda document: document["year"].update(change)


def both(*changes: Change) -> Change:
    def mutate(document: Document) -> None:
        for change in changes:
            change(document)

    return mutate
