"""Each refusal of the linter has a mutant book that only it catches."""

from dataclasses import replace

import pytest

from scoring.rulebooks.domain import Book, Vocabulary, read
from scoring.rulebooks.domain.refusals import Rule
from services.scoring.rulebooks.documents import (
    CONDUCT,
    SERVICE,
    SHIFT,
    TALK,
    WORDS,
    Change,
    Document,
    aspect,
    band,
    book,
    document,
    item,
    notice,
    refusals,
)
from services.scoring.rulebooks.mutant_books import BOOKS, MEAN
from services.scoring.rulebooks.mutant_items import ITEMS

MUTANTS = [*ITEMS, *BOOKS]


@pytest.mark.parametrize(("rule", "path", "mutate"), MUTANTS, ids=[f"{m[0]}-{m[1]}-{n}" for n, m in enumerate(MUTANTS)])
def test_a_mutant_is_refused_by_its_rule_alone(rule: Rule, path: str, mutate: Change) -> None:
    mutant = document()
    mutate(mutant)
    assert [(refusal.rule, refusal.path) for refusal in refusals(mutant)] == [(rule, path)]


def test_every_rule_has_a_mutant() -> None:
    assert {rule for rule, _, _ in MUTANTS} == set(Rule)


def mutated(*changes: Change) -> Document:
    mutant = document()
    for change in changes:
        change(mutant)
    return mutant


SOUND: list[Change] = [
    lambda _: None,
    MEAN,
    item(classes=["B"], kinds=["service", "talk"]),  # the talk is for class A
    item(month_cap_tenths=15, quarter_cap_tenths=15, year_cap_tenths=15),
    item(month_cap_tenths=None, kinds=[], modes=["delivered"], event="activity.excused"),
    item(CONDUCT, every="month", month_cap_tenths=50),
    item(SHIFT, fact_cap_tenths=5, month_cap_tenths=5),  # half an hour's worth a time, and once a month
    aspect(quarter_cap_tenths=20),
    book(base_tenths={"A": 600, **{f"A{n}": 0 for n in range(99)}}),
    item(themes=[f"theme-{n}" for n in range(100)]),
    book(year=None),
    band(0, from_tenths=0),
    band(0, from_tenths=799),  # one figure wide
    book(left_out=[{"text": "登" * 300, "why": "太长"}]),
    notice(window_days=30, board=None, shows="points"),
    notice(window_days=1),
]


@pytest.mark.parametrize("change", SOUND, ids=range(len(SOUND)))
def test_a_sound_book_is_not_refused(change: Change) -> None:
    assert isinstance(read(mutated(change), WORDS), Book)


def test_all_refusals_come_at_once() -> None:
    mutant = mutated(item(event="user.login", value_tenths=-5, aspect="sport", origins=["phone"]))
    mutant["starts_on"] = "2022-03-05"
    told = {refusal.rule for refusal in refusals(mutant)}
    assert told == {Rule.STARTS_ON, Rule.RED_LINE, Rule.NEGATIVE, Rule.UNKNOWN_ASPECT, Rule.ORIGIN}


def test_refusals_come_in_the_order_of_the_book() -> None:
    mutant = mutated(
        item(TALK, colour="red", once_per="login"),
        item(SERVICE, value_tenths=0),
        aspect(1, colour="red"),
        book(late="x"),
    )
    mutant["items"] += [{**mutant["items"][SERVICE], "code": f"more-{n}", "kinds": [f"k{n}"]} for n in range(5)]
    told = [(refusal.path, refusal.rule) for refusal in refusals(mutant, replace(WORDS, codes={}))]
    assert told[:4] == [
        ("late", Rule.UNKNOWN_LATE),
        ("aspects[1].colour", Rule.UNKNOWN_FIELD),
        ("items[1].value_tenths", Rule.WORTHLESS),
        ("items[6].once_per", Rule.RED_LINE),
    ]
    assert [path for path, _ in told[4:]] == ["items[6].colour", *(f"items[{n}].value_tenths" for n in range(7, 12))]


def test_a_refusal_names_the_reason_in_plain_words() -> None:
    told = refusals(mutated(item(event="user.login")))[0]
    assert told.sentence.startswith("“登录”不能计分：积分只来自组织记录的实际活动")


def test_every_sentence_is_a_sentence_for_a_clerk() -> None:
    sentences = [refusal.sentence for _, _, mutate in MUTANTS for refusal in refusals(mutated(mutate))]
    assert not [sentence for sentence in sentences if not sentence.endswith("。") or len(sentence) < 8]


def test_a_refusal_never_repeats_free_text() -> None:
    mutant = mutated(
        item(name="登录 张三", event="张三.登录", kind="张三", per="张三", 张三="张三"),
        item(CONDUCT, grades={"张三": "张三"}, every="张三"),
        notice(shows="张三", board="张三", 张三="张三"),
        band(0, code="张三"),
    )
    mutant.update(title="张三" * 60, late="张三", left_out=[{"text": "张三"}])
    told = refusals(mutant)
    assert len(told) >= 12
    assert not [refusal for refusal in told if "张三" in refusal.path + refusal.sentence]


def test_a_book_that_is_nonsense_throughout_is_refused_without_a_crash() -> None:
    assert refusals({"items": [{"name": 3, "kinds": {"a": 1}, "event": ["x"]}], "aspects": 7, "version": "one"})
    assert refusals(
        {"items": [{"kind": kind} for kind in ("bonus", "appraisal", "deduction", "veto", 7)], "bands": [{}]}
    )
    assert refusals({"year": 7, "notice": {"window_days": {}}, "left_out": [{}], "bands": {}, "late": []})


def test_codes_that_nobody_told_us_of_are_not_checked() -> None:
    words = Vocabulary(scorable=WORDS.scorable, proposing=WORDS.proposing)
    assert read(mutated(item(kinds=["opera"])), words).items[SERVICE].kinds == {"opera"}
