"""A trial in words."""

from scoring.ids import PersonId
from scoring.whatif.domain import Change, Outcome, Tally, telling

ANNA = PersonId("anna")


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
