"""What one person would have under another book, and why."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from scoring.ids import BookId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership, Standing
from scoring.periods.domain import Rules, open_period
from scoring.rulebooks.domain import Book, Shape, read
from scoring.whatif.domain import Change, Kept, Outcome, Tally, Trial, Verdict, compare
from services.scoring.histories import DOCUMENT, WORDS

PERSON = PersonId("0190b5a0-0000-7000-8000-000000000001")
Q1 = Quarter("2022Q1")
DAY = date(2022, 2, 1)


def book(**changed: Any) -> Book:
    return read({**DOCUMENT, **changed}, WORDS)


def items(**changed: Mapping[str, Any]) -> list[Any]:
    """The document's items, some of them with other fields; None: without it."""
    return [{**item, **changed.get(item["code"], {})} for item in DOCUMENT["items"]]


def lesson(number: int, kind: str = "lesson", day: date = DAY) -> Fact:
    return Fact(PERSON, f"{number}/{PERSON}", 1, Shape("activity.attended", kind, None, "assembled"), day)


def kept(*facts: Fact, class_: str = "A") -> Kept:
    home = Membership(OrganisationId("branch"), home=True, since=date(2020, 1, 1), until=None)
    standing = Standing(Life(1, (Held(class_, date(2020, 1, 1)),)))
    return Kept(PERSON, standing, Belonging(1, (home,)), {}, facts)


def tried(other: Book, *facts: Fact, class_: str = "A") -> Outcome:
    in_force = book()
    rules = Rules(1, {Q1: (open_period(Q1, BookId("in force"), in_force.starts_on), in_force)})
    return compare(kept(*facts, class_=class_), Trial(Q1, other, rules))


def test_the_same_book_changes_nothing() -> None:
    outcome = tried(book(), lesson(1), lesson(2))
    assert (outcome.before, outcome.after, outcome.changes) == (650, 650, ())
    assert outcome.verdict is Verdict.SAME


def test_a_dearer_item_is_named_with_the_arithmetic_of_both_books() -> None:
    outcome = tried(book(items=items(lesson={"value_tenths": 30})), lesson(1), lesson(2))
    assert outcome.changes == (Change("lesson", "党课", 50, 60, "2 × 2.5 = 5", "2 × 3 = 6"),)
    assert (outcome.before, outcome.after, outcome.verdict) == (650, 660, Verdict.GAINS)


def test_a_lower_cap_loses_points() -> None:
    other = book(items=items(lesson={"quarter_cap_tenths": 25}))
    outcome = tried(other, lesson(1), lesson(2))
    assert (outcome.verdict, [change.code for change in outcome.changes]) == (Verdict.LOSES, ["lesson"])


def test_an_item_that_only_one_book_has_is_worth_nothing_in_the_other() -> None:
    outcome = tried(book(items=[item for item in items() if item["code"] != "service"]), lesson(1, "service"))
    assert outcome.changes == (Change("service", "公益服务", 15, 0, "1 × 1.5 = 1.5", ""),)


def test_another_base_is_a_change_of_its_own() -> None:
    outcome = tried(book(base_tenths={"A": 700}))
    assert [(change.code, change.before, change.after) for change in outcome.changes] == [("base", 600, 700)]


def test_an_aspect_is_named_where_its_cap_swallows_what_its_items_gain() -> None:
    other = book(items=items(lesson={"value_tenths": 60}))
    outcome = tried(other, lesson(1), lesson(2))
    assert [(c.code, c.before, c.after) for c in outcome.changes] == [("lesson", 50, 120), ("learning", 50, 90)]
    assert "封顶 9" in outcome.changes[1].arithmetic_after
    assert outcome.after == 690


def test_an_item_that_moves_to_another_aspect_is_no_change_of_its_points() -> None:
    outcome = tried(book(items=items(lesson={"aspect": "contribution"})), lesson(1))
    assert (outcome.changes, outcome.verdict) == ((), Verdict.SAME)


@pytest.mark.parametrize(
    ("class_", "base", "verdict"),
    [
        ("A", {"B": 500}, Verdict.LEAVES),
        ("X", {"X": 500}, Verdict.ENTERS),
        ("X", {"B": 500}, Verdict.OUTSIDE),
    ],
)
def test_who_comes_into_scope_or_leaves_it_is_told_apart(class_: str, base: dict[str, int], verdict: Verdict) -> None:
    outcome = tried(book(base_tenths=base), lesson(1), class_=class_)
    assert (outcome.verdict, outcome.changes) == (verdict, ())


def test_facts_of_other_quarters_and_withdrawn_ones_do_not_count() -> None:
    withdrawn = Fact(PERSON, "9", 2, Shape("activity.attended", "lesson", None, "assembled"), DAY, withdrawn=True)
    outcome = tried(book(), lesson(1), lesson(2, day=date(2022, 4, 1)), withdrawn)
    assert outcome.before == 625


def test_totals_and_verdicts_add_up() -> None:
    counted = Tally()
    dearer = book(items=items(lesson={"value_tenths": 30}))
    for outcome in (tried(dearer, lesson(1)), tried(dearer), tried(book(base_tenths={"B": 1}))):
        counted.add(outcome)
    assert (counted.before, counted.after) == (625 + 600 + 600, 630 + 600)
    assert counted.verdicts == {Verdict.GAINS: 1, Verdict.SAME: 1, Verdict.LEAVES: 1}
