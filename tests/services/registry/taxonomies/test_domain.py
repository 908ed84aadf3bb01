from collections.abc import Iterable
from datetime import date

import pytest

from registry.taxonomies import domain
from registry.taxonomies.domain import Code, Due, ListName, Taxonomy, Use

DAY = date(2022, 3, 1)


def themes(*codes: Code) -> Taxonomy:
    return domain.adopt(None, ListName.THEME, codes)


def faults(name: ListName, codes: Iterable[Code], before: Taxonomy | None = None) -> list[str]:
    with pytest.raises(domain.BadList) as caught:
        domain.adopt(before, name, tuple(codes))
    return [fault["field"] for fault in caught.value.errors]


def use(code: str, on: date = DAY) -> Use:
    return Use("theme", ListName.THEME, code, on)


def known(*codes: Code) -> domain.Taxonomies:
    return {ListName.THEME: themes(*codes)}


def test_the_first_list_is_version_one_and_the_next_version_two() -> None:
    first = themes(Code("red", "红色"))
    second = domain.adopt(first, ListName.THEME, [Code("red", "红色"), Code("law", "法治")])
    assert (first.version, second.version) == (1, 2)


def test_the_same_codes_again_are_the_same_version() -> None:
    first = themes(Code("red", "红色"))
    assert domain.adopt(first, ListName.THEME, [Code("red", "红色")]) is first


def test_a_code_twice_is_refused_at_its_place() -> None:
    assert faults(ListName.THEME, [Code("red", "红"), Code("red", "赤")]) == ["codes.1.code"]


def test_a_malformed_code_is_refused() -> None:
    assert faults(ListName.THEME, [Code("红 色", "红色")]) == ["codes.0.code"]


def test_a_township_code_is_digits() -> None:
    assert faults(ListName.TOWNSHIP, [Code("zhangjiang", "漳江街道"), Code("430725001", "漳江街道")]) == [
        "codes.0.code"
    ]


def test_a_code_cannot_end_before_it_begins() -> None:
    assert faults(ListName.THEME, [Code("red", "红", since=DAY, until=DAY)]) == ["codes.0.until"]


def test_a_successor_must_be_in_the_list() -> None:
    assert faults(ListName.TOWNSHIP, [Code("370181100", "旧", successor="370114100")]) == ["codes.0.successor"]


def test_an_activity_kind_says_who_is_due() -> None:
    assert faults(ListName.ACTIVITY_KIND, [Code("party-day", "主题党日")]) == ["codes.0.due"]


def test_only_an_activity_kind_says_who_is_due() -> None:
    assert faults(ListName.THEME, [Code("red", "红", due=Due.ALL)]) == ["codes.0.due"]


def test_a_code_is_never_dropped_only_ended() -> None:
    assert faults(ListName.THEME, [Code("law", "法治")], before=themes(Code("red", "红"))) == ["codes"]


def test_a_code_is_found_on_its_days() -> None:
    assert domain.look_up(known(Code("red", "红", since=DAY)), use("red")).name == "红"


def test_an_unknown_code_names_the_field_and_never_the_text() -> None:
    with pytest.raises(domain.WrongCode) as caught:
        domain.look_up(known(Code("red", "红")), use("13800000000"))
    assert caught.value.errors[0]["field"] == "theme"
    assert "13800000000" not in str(caught.value)


def test_a_list_that_was_never_posted_knows_no_code() -> None:
    with pytest.raises(domain.WrongCode, match="theme"):
        domain.look_up({}, use("red"))


def test_a_code_is_refused_before_its_first_day() -> None:
    with pytest.raises(domain.WrongCode, match="起才有效"):
        domain.look_up(known(Code("red", "红", since=date(2022, 3, 2))), use("red"))


def test_an_ended_code_is_refused_from_its_last_day_on_and_names_its_successor() -> None:
    listed = known(Code("old", "旧", until=DAY, successor="new"), Code("new", "新", since=DAY))
    with pytest.raises(domain.WrongCode, match="停用，现用 new"):
        domain.look_up(listed, use("old"))


def test_every_wrong_field_is_named_at_once() -> None:
    uses = [use("red"), Use("rank", ListName.RANK, "x", DAY), Use("township", ListName.TOWNSHIP, "430725001", DAY)]
    with pytest.raises(domain.WrongCode) as caught:
        domain.check(known(Code("red", "红")), uses)
    assert [error["field"] for error in caught.value.errors] == ["rank", "township"]
