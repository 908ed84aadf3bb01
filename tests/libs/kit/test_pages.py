"""Keyset pages: a cursor says where the last page ended and nothing else."""

import pytest

from kit.commands import BadCursor, page, page_query


def key(row: str) -> tuple[str]:
    return (row,)


def test_the_cursor_of_a_full_page_starts_the_next_one() -> None:
    first = page(["a", "b", "c"], page_query(limit=2), key)
    assert (first.items, first.next is None) == (["a", "b"], False)
    assert page_query(limit=2, cursor=first.next).after == ("b",)


def test_the_last_page_has_no_cursor() -> None:
    assert page(["c"], page_query(limit=2), key).next is None


def test_an_empty_list_is_a_page() -> None:
    assert page([], page_query(limit=2), key).model_dump() == {"items": [], "next": None}


@pytest.mark.parametrize("cursor", ["%%%", "bm90IGpzb24", "NQ", "中文"])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        page_query(cursor=cursor)
