from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.identity.domain import (
    IdentityNumber,
    InvalidIdentityNumber,
    InvalidPhone,
    Phone,
    check_digit,
)

TODAY = date(2022, 9, 30)


def number(first17: str) -> str:
    return first17 + check_digit(first17)


# GB 11643 prints this one as its example.
def test_the_standards_own_example_is_read() -> None:
    assert IdentityNumber.parse("11010519491231002X", TODAY).text == "11010519491231002X"


def test_both_forms_of_one_person_meet() -> None:
    assert IdentityNumber.parse("110105491231002", TODAY) == IdentityNumber.parse("11010519491231002X", TODAY)


def test_an_invented_region_is_read_when_its_check_digit_holds() -> None:
    assert IdentityNumber.parse(number("99900119400101001"), TODAY).text.startswith("999001")


def test_an_invented_region_with_a_wrong_check_digit_is_refused() -> None:
    right = number("99900119400101001")
    wrong = right[:17] + ("0" if right[17] != "0" else "1")
    with pytest.raises(InvalidIdentityNumber, match="校验码"):
        IdentityNumber.parse(wrong, TODAY)


def test_full_width_digits_blanks_and_a_small_x_are_read() -> None:
    assert IdentityNumber.parse(" 110105 １９４９1231 002x", TODAY).text == "11010519491231002X"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "18 位"),
        ("1101051949123100", "18 位"),
        ("X1010519491231002X", "18 位"),
        (number("00010519491231002"), "地区"),
        (number("99010519491231002"), "地区"),
        (number("11010519490230002"), "出生日期不存在"),
        (number("11010520230101002"), "出生日期不合理"),
        (number("11010517990101002"), "出生日期不合理"),
        ("110105491331002", "出生日期不存在"),
    ],
)
def test_a_wrong_number_is_refused_with_what_to_look_at(written: str, sentence: str) -> None:
    with pytest.raises(InvalidIdentityNumber, match=sentence):
        IdentityNumber.parse(written, TODAY)


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(place: int, shift: int) -> None:
    digits = "99900119400101001"
    mistyped = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(InvalidIdentityNumber):
        IdentityNumber.parse(mistyped + check_digit(digits), TODAY)


def test_neither_a_refusal_nor_a_representation_repeats_the_number() -> None:
    with pytest.raises(InvalidIdentityNumber) as refused:
        IdentityNumber.parse("110105194912310021", TODAY)
    assert "1949" not in str(refused.value)
    assert "1949" not in repr(IdentityNumber.parse("11010519491231002X", TODAY))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("10012345678", "10012345678"),
        ("+86 100-1234-5678", "10012345678"),
        ("86 10012345678", "10012345678"),
        ("１００１２３４５６７８", "10012345678"),
        ("0736-6622345", "07366622345"),
        ("(010) 6552 1234", "01065521234"),
    ],
)
def test_one_phone_written_in_many_ways_is_one_phone(written: str, text: str) -> None:
    assert Phone.parse(written).text == text


@pytest.mark.parametrize("written", ["", "6622345", "1001234567", "100123456789", "无", "1.0012345678E10"])
def test_what_cannot_be_called_is_refused(written: str) -> None:
    with pytest.raises(InvalidPhone, match="区号"):
        Phone.parse(written)
