"""Each refusal of the linter has a mutant book that only it catches."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring.rulebooks.domain import Book, BookRefused, Vocabulary, read
from scoring.rulebooks.domain.refusals import Refusal, Rule

WORDS = Vocabulary(
    scorable={"activity.attended": True, "activity.excused": True, "person.amended": False},
    codes={"modes": frozenset({"assembled", "online", "delivered"}), "kinds": frozenset({"study", "service"})},
)
Document = dict[str, Any]


def document() -> Document:
    return {
        "word": "example",
        "version": 1,
        "title": "示例办法",
        "starts_on": "2022-01-01",
        "base_tenths": {"A": 600, "B": 500},
        "aspects": [
            {"code": "learning", "name": "学习活动", "quarter_cap_tenths": 150},
            {"code": "family", "name": "家风美德"},
        ],
        "items": [
            {"code": "study", "name": "集中学习", "aspect": "learning", "event": "activity.attended",
             "kinds": ["study"], "value_tenths": 20, "month_cap_tenths": 60, "quarter_cap_tenths": 120},
            {"code": "service", "name": "公益服务", "aspect": "family", "kind": "bonus", "event": "activity.attended",
             "kinds": ["service"], "modes": ["assembled"], "value_tenths": 15},
        ],
    }  # fmt: skip


def refusals(book: Document, words: Vocabulary = WORDS) -> tuple[Refusal, ...]:
    with pytest.raises(BookRefused) as caught:
        read(book, words)
    return caught.value.refusals


def item(**change: object) -> Callable[[Document], None]:
    def mutate(book: Document) -> None:
        book["items"][1].update(change)

    return mutate


def book(**change: object) -> Callable[[Document], None]:
    def mutate(document: Document) -> None:
        document.update(change)

    return mutate


def aspect(**change: object) -> Callable[[Document], None]:
    def mutate(document: Document) -> None:
        document["aspects"][0].update(change)

    return mutate


def another_aspect(**written: object) -> Callable[[Document], None]:
    def mutate(document: Document) -> None:
        document["aspects"].append(written)

    return mutate


MUTANTS = [
    (Rule.FORM, "items[1].value_tenths", item(value_tenths="15")),
    (Rule.FORM, "items[1].value_tenths", item(value_tenths=True)),
    (Rule.FORM, "items[1].kinds", item(kinds="service")),
    (Rule.FORM, "title", book(title=" ")),
    (Rule.FORM, "starts_on", book(starts_on="2022年1月1日")),
    (Rule.FORM, "version", book(version=0)),
    (Rule.FORM, "items", book(items=["study"])),
    (Rule.FORM, "base_tenths", book(base_tenths=600)),
    (Rule.FORM, "base_tenths.A", book(base_tenths={"A": 60.5})),
    (Rule.TOO_LONG, "items[1].kinds", item(kinds=["service"] * 101)),
    (Rule.TOO_LONG, "items[1].themes", item(themes=[f"theme-{n}" for n in range(101)])),
    (Rule.TOO_LONG, "base_tenths", book(base_tenths={f"A{n}": 600 for n in range(101)})),
    (Rule.TOO_LONG, "", book(grades=["x" * 1024] * 256)),
    (Rule.TOO_LONG, "", book(**{f"field-{n}": n for n in range(50_000)})),
    (Rule.UNKNOWN_FIELD, "items[1].yearly_cap_tenths", item(yearly_cap_tenths=100)),
    (Rule.UNKNOWN_FIELD, "items[1].per", item(per="hour")),
    (Rule.UNKNOWN_FIELD, "grades", book(grades=[])),
    (Rule.UNKNOWN_FIELD, "aspects[0].colour", aspect(colour="red")),
    (Rule.STARTS_ON, "starts_on", book(starts_on="2022-02-01")),
    (Rule.STARTS_ON, "starts_on", book(starts_on="2022-01-02")),
    (Rule.NO_CLASS, "base_tenths", book(base_tenths={})),
    (Rule.NEGATIVE_BASE, "base_tenths.A", book(base_tenths={"A": -1})),
    (Rule.FORM, "word", book(word="桃源")),
    (Rule.FORM, "items[1].code", item(code="公益")),
    (Rule.FORM, "base_tenths.?", book(base_tenths={"甲": 600})),
    (Rule.FORM, "title", book(title="示例\x00")),
    (Rule.FORM, "starts_on", book(starts_on="20220101")),
    (Rule.FORM, "starts_on", book(starts_on="2022-13-01")),
    (Rule.FORM, "items[1].kinds", item(kinds=["公益"])),
    (Rule.UNKNOWN_FIELD, "items[1].?", item(备注="无")),
    (Rule.RESERVED, "items[1].code", item(code="base")),
    (Rule.TWICE, "items", item(code="study")),
    (Rule.TWICE, "aspects", lambda document: document["aspects"].append({"code": "family", "name": "家风"})),
    (Rule.UNKNOWN_ASPECT, "items[1].aspect", item(aspect="sport")),
    (Rule.UNKNOWN_EVENT, "items[1].event", item(event="order.completed")),
    (Rule.NOT_SCORABLE, "items[1].event", item(event="person.amended")),
    (Rule.ORIGIN, "items[1].origins", item(origins=["phone"])),
    (Rule.ORIGIN, "items[1].value_by_origin", item(value_by_origin={"phone": 10, "paper": 5})),
    (Rule.SELF_CHECK_IN, "items[1].evidence", item(evidence="self_check_in")),
    (Rule.SELF_CHECK_IN, "items[1].event", item(event="activity.checked.check-in")),
    (Rule.SELF_CHECK_IN, "items[1].name", item(name="每日打卡")),
    (Rule.RED_LINE, "items[1].event", item(event="user.login")),
    (Rule.RED_LINE, "items[1].event", item(event="page.clicked")),
    (Rule.RED_LINE, "items[1].event", item(event="article.shared")),
    (Rule.RED_LINE, "items[1].event", item(event="post.liked")),
    (Rule.RED_LINE, "items[1].per", item(per="minute")),
    (Rule.RED_LINE, "items[1].name", item(name="登录平台")),
    (Rule.RED_LINE, "items[1].name", item(name="转发文章")),
    (Rule.RED_LINE, "items[1].kinds", item(kinds=["app-login", "daily-click"])),
    (Rule.RED_LINE, "items[1].themes", item(themes=["red-songs", "most-liked"])),
    (Rule.RED_LINE, "items[1].modes", item(modes=["shared"])),
    (Rule.SELF_CHECK_IN, "items[1].kinds", item(kinds=["service", "check-in"])),
    (Rule.RED_LINE, "aspects[2].code", another_aspect(code="logins", name="平台")),
    (Rule.RED_LINE, "aspects[2].name", another_aspect(code="platform", name="登录平台")),
    (Rule.SELF_CHECK_IN, "aspects[2].name", another_aspect(code="daily", name="每日打卡")),
    (Rule.ORIGIN, "aspects[2].channels", another_aspect(code="daily", name="日常", channels=["phone"])),
    (Rule.NEGATIVE, "items[1].value_tenths", item(value_tenths=-50)),
    (Rule.NEGATIVE, "items[1].kind", item(kind="deduction")),
    (Rule.UNKNOWN_KIND, "items[1].kind", item(kind="veto")),
    (Rule.WORTHLESS, "items[1].value_tenths", item(value_tenths=0)),
    (Rule.UNKNOWN_CODE, "items[1].modes", item(modes=["telepathy"])),
    (Rule.UNKNOWN_CODE, "items[1].kinds", item(kinds=["service", "chess"])),
    (Rule.OVERLAP, "items[1].event", item(kinds=[])),
    (Rule.OVERLAP, "items[1].event", item(kinds=["study", "service"])),
    (Rule.ITEM_CAP, "items[1].month_cap_tenths", item(month_cap_tenths=14)),
    (Rule.ITEM_CAP, "items[1].quarter_cap_tenths", item(quarter_cap_tenths=0)),
    (Rule.IDLE_MONTH_CAP, "items[1].month_cap_tenths", item(month_cap_tenths=60, quarter_cap_tenths=45)),
    (Rule.ASPECT_CAP, "items[0].aspect", aspect(quarter_cap_tenths=19)),
]


@pytest.mark.parametrize(("rule", "path", "mutate"), MUTANTS, ids=[f"{m[0]}-{m[1]}-{n}" for n, m in enumerate(MUTANTS)])
def test_a_mutant_is_refused_by_its_rule_alone(rule: Rule, path: str, mutate: Callable[[Document], None]) -> None:
    mutant = document()
    mutate(mutant)
    assert [(refusal.rule, refusal.path) for refusal in refusals(mutant)] == [(rule, path)]


def test_every_rule_has_a_mutant() -> None:
    assert {rule for rule, _, _ in MUTANTS} == set(Rule)


def test_the_sound_book_is_read_as_written() -> None:
    book = read(document(), WORDS)
    assert isinstance(book, Book)
    assert (book.item("study").month_cap, book.item("service").month_cap) == (60, None)
    assert book.aspect_of("learning").quarter_cap == 150
    assert book.base == {"A": 600, "B": 500}


def test_all_refusals_come_at_once() -> None:
    mutant = document()
    mutant["starts_on"] = "2022-03-05"
    item(event="user.login", value_tenths=-5, aspect="sport", origins=["phone"])(mutant)
    told = {refusal.rule for refusal in refusals(mutant)}
    assert told == {Rule.STARTS_ON, Rule.RED_LINE, Rule.NEGATIVE, Rule.UNKNOWN_ASPECT, Rule.ORIGIN}


def test_a_refusal_names_the_reason_in_plain_words() -> None:
    mutant = document()
    item(event="user.login")(mutant)
    assert refusals(mutant)[0].sentence.startswith("“登录”不能计分：积分只来自组织记录的实际活动")


def test_a_refusal_never_repeats_free_text() -> None:
    mutant = document()
    item(name="登录 张三", event="张三.登录", kind="张三", 张三="张三")(mutant)
    mutant["title"] = "张三" * 60
    told = refusals(mutant)
    assert len(told) >= 5
    assert not [refusal for refusal in told if "张三" in refusal.path + refusal.sentence]


def test_a_book_that_is_nonsense_throughout_is_refused_without_a_crash() -> None:
    assert refusals({"items": [{"name": 3, "kinds": {"a": 1}, "event": ["x"]}], "aspects": 7, "version": "one"})


def test_codes_that_nobody_told_us_of_are_not_checked() -> None:
    mutant = document()
    item(kinds=["opera"])(mutant)
    assert read(mutant, Vocabulary(scorable={"activity.attended": True})).item("service").kinds == {"opera"}
