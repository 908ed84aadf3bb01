"""The committed books are sound, and their cases come out as they do by hand."""

from decimal import Decimal

import pytest

from deploy.books.sheets import WORDS, Row, book, cases, document, rate, reckon
from scoring.ids import Quarter
from scoring.rulebooks.domain import band_of

CASES = [pytest.param(word, case, id=f"{word}: {case['title']}") for word in WORDS for case in cases(word)["case"]]


def quarters(case: Row) -> dict[Quarter, Row]:
    return {Quarter(key): value for key, value in case.items() if "Q" in key}


def test_the_rows_of_the_table_are_all_here() -> None:
    assert set(WORDS) >= {"hongtong", "huguan", "huaning", "luoping", "guide", "hailin"}


@pytest.mark.parametrize("word", WORDS)
def test_a_book_is_sound_and_says_what_it_left_out(word: str) -> None:
    sound = book(word)
    assert sound.word == word
    assert sound.left_out


@pytest.mark.parametrize("word", WORDS)
def test_a_book_names_its_source_and_has_a_few_facts_a_case(word: str) -> None:
    told = cases(word)
    assert told["source"]
    assert all(2 <= len(case["facts"]) <= 6 for case in told["case"])


@pytest.mark.parametrize(("word", "case"), CASES)
def test_what_is_worked_out_by_hand_is_right(word: str, case: Row) -> None:
    assert word
    for quarter in quarters(case).values():
        for line in quarter["by_hand"]:
            came_to, written = reckon(line)
            assert came_to == written, line


@pytest.mark.parametrize(("word", "case"), CASES)
def test_the_rating_comes_to_what_is_worked_out_by_hand(word: str, case: Row) -> None:
    rules, expected = book(word), quarters(case)
    rated = rate(rules, case)
    totals = {period: Decimal(each.total.total) / 10 for period, each in rated.explanations.items()}
    assert totals == {period: reckon(row["by_hand"][-1])[1] for period, row in expected.items()}
    assert rated.proposed == tuple(case.get("proposed", ()))
    for period, row in expected.items():
        band = band_of(rules.bands, rated.explanations[period].total.total)
        assert (band.code if band else None) == row.get("grade")


@pytest.mark.parametrize(("word", "case"), CASES)
def test_the_explanation_shows_what_the_case_shows(word: str, case: Row) -> None:
    rated = rate(book(word), case)
    for period, row in quarters(case).items():
        told = rated.explanations[period]
        assert row.get("shown", told.arithmetic) == told.arithmetic
        assert row.get("base", told.base) == told.base
        items = {item.item: item.arithmetic for aspect in told.aspects for item in aspect.items}
        assert {code: items[code] for code in row.get("items", {})} == row.get("items", {})
        assert set(row.get("lines", ())) <= set(rated.lines[period])


@pytest.mark.parametrize("word", WORDS)
def test_a_value_that_the_sheet_does_not_give_is_marked_as_an_example(word: str) -> None:
    """Where a title says that values are examples, the items say which."""
    told = document(word)
    items = [item for item in told["items"] if "示例" in item["name"]]
    assert bool(items) == ("示例" in told["title"])
