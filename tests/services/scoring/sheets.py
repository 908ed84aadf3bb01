"""Rule books for tests: a small one, and some that together say everything that the language can say."""

from functools import cache
from typing import Any

import orjson

from scoring.rulebooks.domain import Book, Vocabulary, read

Row = dict[str, Any]
SECTION: Row = {"event": "activity.attended", "month_cap_tenths": None, "quarter_cap_tenths": None}
DOCUMENT: Row = {
    "word": "example",
    "version": 1,
    "title": "示例",
    "starts_on": "2022-01-01",
    "base_tenths": {"A": 600, "B": 500, "C": 0},
    "aspects": [
        {"code": "learning", "name": "学习活动", "quarter_cap_tenths": 90},
        {"code": "contribution", "name": "发挥作用"},
    ],
    "items": [
        {**SECTION, "code": "study", "name": "集中学习", "aspect": "learning", "kinds": ["study"], "value_tenths": 20,
         "month_cap_tenths": 40, "quarter_cap_tenths": 50},
        {**SECTION, "code": "lesson", "name": "党课", "aspect": "learning", "kinds": ["lesson"], "value_tenths": 25},
        {**SECTION, "code": "service", "name": "公益服务", "aspect": "contribution", "kinds": ["service"],
         "value_tenths": 15, "quarter_cap_tenths": 30},
    ],
}  # fmt: skip
SECOND: Row = {**DOCUMENT, "version": 2, "starts_on": "2022-04-01", "base_tenths": {"A": 650, "C": 10}}
SCORABLE = {"activity.attended": True, "activity.missed": False}
WORDS = Vocabulary(scorable=SCORABLE, proposing=frozenset({"activity.missed"}))

EARLY = {"starts_on": "2021-01-01"}
ATTENDED: Row = {"event": "activity.attended"}
SMALL: Row = {**DOCUMENT, **EARLY}
JUDGED: list[Row] = [
    {"code": "virtue", "name": "家风美德", "aspect": "family", "kind": "appraisal", "grades": {"good": 30, "fair": 10}},
    {"code": "opinion", "name": "群众反映", "aspect": "family", "kind": "appraisal", "every": "month",
     "grades": {"good": 15, "fair": 5}},
    {"code": "absence", "name": "无故缺席", "aspect": "conduct", "kind": "deduction", "value_tenths": -5,
     "event": "activity.missed", "kinds": ["study", "opera"]},
    {"code": "quarrel", "name": "邻里纠纷", "aspect": "conduct", "kind": "deduction", "value_tenths": -40},
    {"code": "offence", "name": "违法违纪", "kind": "veto"},
    {"code": "walkout", "name": "抵制学习", "kind": "veto", "event": "activity.missed", "kinds": ["lesson"]},
]  # fmt: skip
FULL: Row = {
    **DOCUMENT,
    **EARLY,
    "word": "full",
    "aspects": [
        {"code": "learning", "name": "学习活动", "quarter_cap_tenths": 90, "year_cap_tenths": 160},
        {"code": "contribution", "name": "发挥作用", "month_cap_tenths": 50},
        {"code": "family", "name": "家风美德", "quarter_cap_tenths": 60},
        {"code": "conduct", "name": "遵章守纪"},
    ],
    "items": [
        {**ATTENDED, "code": "study", "name": "集中学习", "aspect": "learning", "kinds": ["study"], "value_tenths": 20,
         "month_cap_tenths": 40, "quarter_cap_tenths": 50, "year_cap_tenths": 110},
        {**ATTENDED, "code": "lesson", "name": "党课", "aspect": "learning", "kinds": ["lesson"], "value_tenths": 25,
         "once_per": "month", "classes": ["A", "C"]},
        {**ATTENDED, "code": "lesson-b", "name": "送学上门", "aspect": "learning", "kinds": ["lesson"],
         "value_tenths": 35, "once_per": "theme", "classes": ["B"]},
        {**ATTENDED, "code": "service", "name": "公益服务", "aspect": "contribution", "kinds": ["service"],
         "modes": ["assembled"], "per": "hour",
         "value_tenths": 15, "fact_cap_tenths": 40},
        {**ATTENDED, "code": "opera", "name": "文艺演出", "aspect": "contribution", "kinds": ["opera"],
         "modes": ["assembled"], "per": "hour",
         "value_tenths": 7, "once_per": "quarter"},
        *({**each, "quarter_cap_tenths": 12, "year_cap_tenths": 20} if each["code"] == "absence" else each
          for each in JUDGED),
    ],
    "bands": [
        {"code": "fair", "name": "合格", "from_tenths": 520, "to_tenths": 639},
        {"code": "good", "name": "优秀", "from_tenths": 640, "to_tenths": None},
    ],
}  # fmt: skip
CARRIED: Row = {
    **FULL,
    "word": "carried",
    "base_tenths": {"A": 600, "B": 500, "C": 0},
    "carry_over_percent": 45,
    "items": [
        {**ATTENDED, "code": "study", "name": "集中学习", "aspect": "learning", "kinds": ["study"], "value_tenths": 20,
         "once_per": "day", "year_cap_tenths": 90},
        {**ATTENDED, "code": "lesson", "name": "党课", "aspect": "learning", "kinds": ["lesson"], "value_tenths": 25,
         "once_per": "activity"},
        {**ATTENDED, "code": "service", "name": "公益服务", "aspect": "contribution", "kinds": ["service"],
         "value_tenths": 15},
        *({**each, "month_cap_tenths": 40} if each["code"] == "quarrel" else each for each in JUDGED),
    ],
}  # fmt: skip
MEAN: Row = {
    **FULL,
    "word": "mean",
    "mean_of_months": True,
    "aspects": [
        {"code": "learning", "name": "学习活动", "month_cap_tenths": 40},
        {"code": "contribution", "name": "发挥作用"},
        {"code": "family", "name": "家风美德"},
        {"code": "conduct", "name": "遵章守纪"},
    ],
    "items": [
        {**ATTENDED, "code": "study", "name": "集中学习", "aspect": "learning", "kinds": ["study"], "value_tenths": 20,
         "month_cap_tenths": 30},
        {**ATTENDED, "code": "service", "name": "公益服务", "aspect": "contribution", "kinds": ["service"],
         "value_tenths": 15, "themes": ["elders"]},
        {**ATTENDED, "code": "help", "name": "邻里互助", "aspect": "contribution", "kinds": ["service"],
         "value_tenths": 11, "themes": ["neighbours"]},
        *({**each, "every": "month"} if each["code"] == "virtue" else each for each in JUDGED),
    ],
}  # fmt: skip
SHEETS = (SMALL, FULL, FULL, CARRIED, CARRIED, MEAN)


def book_of(document: Row) -> Book:
    return _book(orjson.dumps(document))


@cache
def _book(document: bytes) -> Book:
    return read(orjson.loads(document), WORDS)
