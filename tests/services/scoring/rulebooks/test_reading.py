"""A book is read as it was written, today and when it is recalled years later."""

import json
from datetime import date

from scoring.rulebooks.domain import Band, Book, LeftOut, Notice, Year, band_of, read, recall
from services.scoring.rulebooks.documents import WORDS, document, item


def recalled(**change: object) -> Book:
    return recall(json.dumps({**document(), **change}))


def test_everything_that_the_language_says_is_read() -> None:
    book = read(document(), WORDS)
    assert (book.base, book.carry_over, book.mean_of_months) == ({"A": 600, "B": 500}, 20, False)
    assert (book.aspect_of("learning").quarter_cap, book.aspect_of("learning").year_cap) == (150, 400)
    assert (book.item("study").month_cap, book.item("service").month_cap) == (60, None)
    assert book.item("conduct").grades == {"good": 50, "fair": 30}
    assert (book.item("study-missed").value, book.item("study-missed").quarter_cap) == (-20, 60)
    assert (book.item("shift").per, book.item("shift").fact_cap) == ("hour", 20)
    assert (book.item("talk").once_per, book.item("talk").year_cap) == ("theme", 50)
    assert book.item("talk").classes == {"A"}
    assert book.item("discipline").aspect is None
    assert book.bands == (Band("pass", "合格", 600, 799), Band("good", "优秀", 800, None))
    assert (book.year, book.late) == (Year("mean", (Band("pass", "合格", 600, None),)), "reopen")
    assert book.notice == Notice(5, "grades", "village-hall")
    assert book.left_out == (LeftOut("登录平台每日加1分", "积分只来自组织记录的实际活动"),)


def test_what_was_adopted_is_recalled_as_it_was_read() -> None:
    assert recalled() == read(document(), WORDS)


def test_a_book_that_was_adopted_before_the_language_grew_is_still_read() -> None:
    old = {key: document()[key] for key in ("word", "version", "title", "starts_on", "base_tenths")}
    items = [each for each in document()["items"] if each["code"] in {"study", "service"}]
    book = recall(json.dumps({**old, "aspects": [{"code": "learning", "name": "学习活动"}], "items": items}))
    assert (book.starts_on, book.notice, book.late, book.bands) == (date(2022, 1, 1), Notice(), "next", ())
    assert (book.item("service").kind, book.item("service").per, book.item("service").classes) == (
        "bonus",
        "occurrence",
        frozenset(),
    )


def test_what_the_linter_has_learnt_since_does_not_change_an_adopted_book() -> None:
    old = document()
    item(name="登录平台", month_cap_tenths=1)(old)
    assert recall(json.dumps(old)).item("service").month_cap == 1


def test_a_notice_that_says_nothing_lasts_five_working_days_and_shows_points() -> None:
    assert recalled(notice={}).notice == Notice(5, "points", None)


def test_the_bounds_of_a_band_are_inside_it() -> None:
    bands = recalled().bands
    found = [band_of(bands, total) for total in (599, 600, 799, 800, 5000)]
    assert [band and band.code for band in found] == [None, "pass", "pass", "good", "good"]
