"""What a set of facts earns under a book, before any cap."""

from datetime import date
from itertools import permutations

import pytest

from scoring.ledger.domain.cells import Earned
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.rating import NOT_PLAIN, earned, moves_plainly, proposals
from scoring.rulebooks.domain import Book
from services.scoring.ledger.sheets import VETO, Known, appraisal, book, day, deduction, fact, item, judged


def worth(rules: Book, *facts: Fact, standing: Known | None = None) -> dict[str | None, int]:
    """Subject → tenths, the same in whatever order the facts come."""
    results = [
        {each.fact: each.value for each in earned(order, standing or Known(), rules)} for order in permutations(facts)
    ]
    assert all(result == results[0] for result in results)
    return results[0]


STUDY = item("study")


def test_a_fact_earns_what_its_item_says() -> None:
    assert earned([fact("a", "study", "02-03")], Known(), book(STUDY)) == [
        Earned("study", "learning", "2022-02", 20, "a")
    ]


def test_what_no_item_claims_or_was_withdrawn_earns_nothing() -> None:
    assert worth(book(STUDY), fact("a", "opera"), fact("b", "study", withdrawn=True)) == {}


@pytest.mark.parametrize("selector", [{"themes": ["law"]}, {"modes": ["delivered"]}, {"themes": ["law"], "kinds": []}])
def test_an_item_claims_only_what_all_its_selectors_fit(selector: dict[str, list[str]]) -> None:
    rules = book(item("study", 20, **selector))
    fits, other = {"theme": "law", "mode": "delivered"}, {"theme": "history", "mode": "assembled"}
    assert worth(rules, fact("a", "study", **fits), fact("b", "study", **other)) == {"a": 20}


def test_a_class_that_the_book_does_not_name_earns_nothing() -> None:
    assert worth(book(STUDY), fact("a", "study"), standing=Known("Z")) == {}
    assert worth(book(STUDY), fact("a", "study"), standing=Known(None)) == {}


def test_each_class_may_have_a_sheet_of_its_own() -> None:
    rules = book(item("study", 20, classes=["A"]), item("frail", 30, kinds=["study"], classes=["B"]))
    assert worth(rules, fact("a", "study"), standing=Known("A")) == {"a": 20}
    assert worth(rules, fact("a", "study"), standing=Known("B")) == {"a": 30}


@pytest.mark.parametrize(
    ("tenth_hours", "value", "cap", "expected"),
    [(15, 10, None, 15), (30, 10, 20, 20), (20, 10, 20, 20), (15, 5, None, 7), (0, 10, None, None), (1, 5, None, None)],
)
def test_hours_are_worth_tenths_and_never_more_than_their_cap(
    tenth_hours: int, value: int, cap: int | None, expected: int | None
) -> None:
    rules = book(item("shift", value, per="hour", fact_cap_tenths=cap))
    told = worth(rules, fact("a", "shift", tenth_hours=tenth_hours))
    assert told == ({} if expected is None else {"a": expected})


def test_two_facts_of_one_occurrence_count_once() -> None:
    twice = (fact("b", "study", occurrence="meeting"), fact("a", "study", occurrence="meeting"))
    assert worth(book(STUDY), *twice) == {"a": 20}


def test_having_been_there_counts_before_having_been_excused() -> None:
    rules = book(STUDY, item("excuse", 30, event="activity.excused", kinds=[]))
    excused = fact("a", "study", event="activity.excused", occurrence="meeting")
    assert worth(rules, excused, fact("b", "study", occurrence="meeting")) == {"b": 20}
    assert worth(rules, excused, fact("b", "study", event="activity.missed", occurrence="meeting")) == {"a": 30}


def test_of_two_records_of_one_occurrence_the_one_that_is_worth_more_counts() -> None:
    rules = book(STUDY, item("lesson", 25))
    assert worth(rules, fact("a", "study", occurrence="m"), fact("b", "lesson", occurrence="m")) == {"b": 25}


def test_an_unscored_record_of_attendance_hides_an_absence_all_the_same() -> None:
    rules = book(deduction("missed", -20, event="activity.missed"))
    there = fact("a", "study", occurrence="meeting")
    away = fact("b", "study", event="activity.missed", occurrence="meeting")
    assert proposals([away], Known(), rules) == {("b", "missed", day("01-05"))}
    assert proposals([away, there], Known(), rules) == set()


@pytest.mark.parametrize(
    ("once_per", "counted"),
    [
        (None, {"a", "b", "c", "d", "e"}),
        ("activity", {"a", "b", "c", "d", "e"}),
        ("day", {"a", "c", "d", "e"}),
        ("theme", {"a", "c", "d"}),
        ("month", {"a", "d"}),
        ("quarter", {"a"}),
    ],
)
def test_what_counts_once_counts_the_smallest_subject_of_the_best(once_per: str | None, counted: set[str]) -> None:
    rules = book(item("study", once_per=once_per))
    facts = (
        fact("a", "study", "01-05", theme="history"), fact("b", "study", "01-05", theme="history"),
        fact("c", "study", "01-06", theme="law"), fact("d", "study", "02-01"), fact("e", "study", "02-02"),
    )  # fmt: skip
    assert worth(rules, *facts).keys() == counted


def test_the_best_of_a_quarter_counts_whatever_came_first() -> None:
    rules = book(item("shift", 10, per="hour", once_per="quarter"))
    facts = [
        fact(s, "shift", on, tenth_hours=h) for s, on, h in (("a", "01-05", 15), ("b", "03-01", 40), ("c", "02-01", 30))
    ]
    assert worth(rules, *facts) == {"b": 40}


def test_an_appraisal_is_worth_its_grade_and_one_of_two_that_meet_counts() -> None:
    rules = book(appraisal("conduct", good=50, fair=30))
    assert worth(rules, judged("a", "conduct", grade="fair")) == {"a": 30}
    assert worth(rules, judged("a", "conduct", grade="fair"), judged("b", "conduct", grade="good")) == {"b": 50}
    assert worth(rules, judged("a", "conduct", grade="unheard-of")) == {}


def test_a_monthly_appraisal_counts_once_a_month() -> None:
    rules = book({**appraisal("conduct", good=50), "every": "month"})
    facts = [
        judged(subject, "conduct", on, grade="good") for subject, on in (("a", "01-31"), ("b", "02-28"), ("c", "02-27"))
    ]
    assert worth(rules, *facts) == {"a": 50, "b": 50}


def test_only_a_confirmed_deduction_takes_points_away() -> None:
    rules = book(deduction("missed", -20, event="activity.missed"))
    assert worth(rules, fact("a", "study", event="activity.missed")) == {}
    assert worth(rules, judged("d", "missed")) == {"d": -20}


def test_a_deduction_and_its_event_are_not_one_occurrence() -> None:
    rules = book(STUDY, deduction("missed", -20, event="activity.missed"))
    facts = (fact("a", "study", occurrence="m"), judged("d", "missed", occurrence="m"))
    assert worth(rules, *facts) == {"a": 20, "d": -20}


def test_two_deductions_of_one_occurrence_count_if_they_are_by_different_items() -> None:
    rules = book(deduction("missed", -20), deduction("disorder", -30))
    missed, again, disorder = (
        judged(s, code, occurrence="m") for s, code in (("a", "missed"), ("b", "missed"), ("c", "disorder"))
    )
    assert worth(rules, missed, again, disorder) == {"a": -20, "c": -30}


def test_a_veto_is_a_line_without_an_aspect_and_without_a_value() -> None:
    assert earned([judged("v", "discipline")], Known(), book(VETO)) == [Earned("discipline", None, "2022-01", 0, "v")]


def test_on_exempt_days_nothing_is_taken_away_and_what_earns_still_earns() -> None:
    rules = book(STUDY, deduction("missed", -20, event="activity.missed"), VETO, appraisal("conduct", good=50))
    exempt = Known(exempt=frozenset({day("01-05")}))
    away = fact("m", "study", event="activity.missed")
    facts = (fact("a", "study"), judged("d", "missed"), judged("v", "discipline"), judged("c", "conduct", grade="good"))
    assert worth(rules, *facts, standing=exempt) == {"a": 20, "c": 50}
    assert proposals([away], exempt, rules) == set()
    assert worth(rules, judged("d", "missed", "01-06"), standing=exempt) == {"d": -20}


def test_proposals_follow_selectors_and_classes() -> None:
    rules = book(deduction("missed", -20, event="activity.missed", kinds=["study"], classes=["A"]))
    study, opera = (fact(kind, kind, event="activity.missed") for kind in ("study", "opera"))
    assert proposals([study, opera], Known(), rules) == {("study", "missed", date(2022, 1, 5))}
    assert proposals([study], Known("B"), rules) == set()
    assert proposals([study], Known(None), rules) == set()
    assert proposals([fact("w", "study", event="activity.missed", withdrawn=True)], Known(), rules) == set()


def test_a_book_that_proposes_nothing_is_not_asked() -> None:
    assert proposals([fact("m", "study", event="activity.missed")], Known(), book(STUDY)) == set()


def test_a_plain_fact_moves_its_sums_alone() -> None:
    rules = book(STUDY, item("talk", once_per="month"), deduction("missed", -20), appraisal("conduct", good=50))
    assert moves_plainly(fact("a", "study"), Known(), rules) == Earned("study", "learning", "2022-01", 20, "a")
    assert moves_plainly(judged("d", "missed"), Known(), rules) == Earned("missed", "learning", "2022-01", -20, "d")
    assert moves_plainly(fact("a", "opera"), Known(), rules) is None
    assert moves_plainly(fact("a", "study", withdrawn=True), Known(), rules) is None
    assert moves_plainly(fact("a", "talk"), Known(), rules) is NOT_PLAIN
    assert moves_plainly(judged("c", "conduct", grade="good"), Known(), rules) is NOT_PLAIN


def test_one_kind_of_fact_is_looked_up_once_and_each_class_for_itself() -> None:
    rules = book(item("study", classes=["A"]))
    for _ in range(2):
        assert worth(rules, fact("a", "study")) == {"a": 20}
        assert worth(rules, fact("a", "study"), standing=Known("B")) == {}
