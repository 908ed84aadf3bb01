"""A study app's sheet is refused line by line, each with the reason in plain words."""

import re
from collections import defaultdict

import pytest

from deploy.books.sheets import REFUSED, book, cases, document
from scoring.rulebooks.domain import BookRefused, Refusal


def by_line(word: str) -> dict[str, list[Refusal]]:
    with pytest.raises(BookRefused) as caught:
        book(word)
    lines = defaultdict(list)
    for refusal in caught.value.refusals:
        found = re.match(r"items\[(\d+)\]", refusal.path)
        lines[document(word)["items"][int(found[1])]["code"] if found else refusal.path].append(refusal)
    return lines


@pytest.mark.parametrize("word", [f"refused/{name}" for name in REFUSED])
def test_every_line_is_refused_with_its_reasons(word: str) -> None:
    told, expected = by_line(word), {code: row for code, row in cases(word).items() if code != "source"}
    assert list(expected) == [item["code"] for item in document(word)["items"]]
    assert {code: sorted({each.rule for each in refusals}) for code, refusals in told.items()} == {
        code: row["rules"] for code, row in expected.items()
    }
    for code, row in expected.items():
        assert row["says"] in {refusal.sentence for refusal in told[code]}


def test_there_is_one_to_refuse() -> None:
    assert "study-app" in REFUSED
