"""A trial in words."""

from dataclasses import replace

import pytest

from scoring.ids import BookId, PersonId, Quarter
from scoring.periods.domain import Rules, State, open_period
from scoring.rulebooks.domain import read
from scoring.whatif.domain import Change, Outcome, Tally, Trial, telling
from services.scoring.histories import DOCUMENT, WORDS

ANNA = PersonId("anna")
Q1 = Quarter("2022Q1")
IN_TERMS_OF_NOW = "箭头前是现行办法下此刻应有的分数，不是已公布的分数。"


@pytest.mark.parametrize(("state", "told"), [(State.OPEN, False), (State.CLOSED, True), (State.FINAL, True)])
def test_the_heading_says_that_what_a_closed_quarter_published_may_differ(state: State, told: bool) -> None:
    book = read(DOCUMENT, WORDS)
    period = replace(open_period(Q1, BookId("in force"), book.starts_on), state=state)
    heading = telling.heading(Trial(Q1, book, Rules(1, {Q1: (period, book)})))
    assert heading.startswith("2022Q1 试算：")
    assert (f"{Q1}已经结账，{IN_TERMS_OF_NOW}" in heading) is told


def test_who_gains_nothing_is_not_listed() -> None:
    assert list(telling.lines(Outcome(ANNA, 600, 600, "60 = 60", "60 = 60"))) == []


def test_who_leaves_is_told_in_words() -> None:
    assert list(telling.lines(Outcome(ANNA, 600, None, "60 = 60"))) == ["anna  60 → 不参加（不再参加）"]


def test_who_enters_is_told_in_words() -> None:
    assert list(telling.lines(Outcome(ANNA, None, 600, "", "60 = 60"))) == ["anna  不参加 → 60（改为参加）"]


def test_every_change_has_both_arithmetics_and_one_that_lacks_them_its_points() -> None:
    outcome = Outcome(
        ANNA, 600, 590, "60 = 60", "59 = 59", (Change("service", "公益服务", 15, 0, "1 × 1.5 = 1.5", ""),)
    )
    assert list(telling.lines(outcome)) == [
        "anna  60 → 59（-1）",
        "    公益服务：1 × 1.5 = 1.5 → 0",
        "    合计：60 = 60 → 59 = 59",
    ]


def test_gains_and_losses_that_cancel_are_listed_all_the_same() -> None:
    changes = (Change("a", "甲", 0, 5), Change("b", "乙", 5, 0))
    assert next(iter(telling.lines(Outcome(ANNA, 600, 600, "x", "x", changes)))) == "anna  60 → 60（+0）"


def test_all_together_are_counted() -> None:
    tally = Tally()
    for outcome in (Outcome(ANNA, 600, 610), Outcome(ANNA, 600, None)):
        tally.add(outcome)
    assert list(telling.summary(tally)) == [
        "共2人：增加1人，减少0人，不变0人，改为参加0人，不再参加1人，都不参加0人。",
        "全县合计：120 → 61（-59）。",
    ]
