"""Identity numbers (居民身份证) and phone numbers as people write them, brought to one form each.

GB 11643: six digits of the place of first registration, the birth date, an order number and, since 1999, a check
digit. The old form had 15 digits, a two-digit year and no check digit; both forms of one person meet in the new one.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Self

# First digits that GB/T 2260 gives to a province, and 83, where residents from Taiwan are registered.
PROVINCE_RANGES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
PROVINCES = frozenset(str(code) for first, last in PROVINCE_RANGES for code in range(first, last + 1))
INVENTED_REGION = "999"  # assigned to no place, so a test's person can be nobody
EARLIEST_BIRTH = date(1880, 1, 1)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"

OLD_FORM = re.compile(r"[0-9]{15}")
NEW_FORM = re.compile(r"[0-9]{17}[0-9X]")
MOBILE = re.compile(r"1[0-9]{10}")
LANDLINE = re.compile(r"0[0-9]{9,11}")
COUNTRY_CODE = re.compile(r"^(?:\+86|0086|86(?=1[0-9]{10}$))")


class InvalidIdentityNumber(ValueError):
    """The text is nobody's identity number. The sentence tells a clerk what to look at and never repeats the number."""


class InvalidPhone(ValueError):
    """The text is not a phone number of the mainland."""


def check_digit(first17: str) -> str:
    """The last character that belongs to the first seventeen digits (ISO 7064, MOD 11-2)."""
    return CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """An identity number in its 18-character form. Made by `parse` only."""

    text: str

    @classmethod
    def parse(cls, written: str, today: date) -> Self:
        """Read either form. Raises InvalidIdentityNumber."""
        number = _lengthened(_squeezed(written).upper())
        _check_region(number)
        _check_birth(number[6:14], today)
        if check_digit(number[:17]) != number[17]:
            raise InvalidIdentityNumber("身份证号的校验码不对，请逐位核对。")
        return cls(number)

    def __repr__(self) -> str:
        return "IdentityNumber(***)"


@dataclass(frozen=True, slots=True)
class Phone:
    """A mainland phone number, digits only, with its area code. Made by `parse` only."""

    text: str

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read a mobile or a land line. Raises InvalidPhone."""
        digits = COUNTRY_CODE.sub("", re.sub(r"[-()—－]", "", _squeezed(written)))
        if not (MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits)):
            raise InvalidPhone("电话应为 11 位手机号，或带区号的固定电话。")
        return cls(digits)

    def __repr__(self) -> str:
        return "Phone(***)"


def _squeezed(written: str) -> str:
    """Full-width digits become plain ones, blanks go."""
    return "".join(unicodedata.normalize("NFKC", written).split())


def _lengthened(number: str) -> str:
    if OLD_FORM.fullmatch(number):
        first17 = f"{number[:6]}19{number[6:]}"
        return first17 + check_digit(first17)
    if NEW_FORM.fullmatch(number):
        return number
    raise InvalidIdentityNumber("身份证号应为 18 位（末位可为 X）或旧式 15 位数字。")


def _check_region(number: str) -> None:
    if number[:2] not in PROVINCES and not number.startswith(INVENTED_REGION):
        raise InvalidIdentityNumber("身份证号开头的地区代码不存在，请核对前六位。")


def _check_birth(digits: str, today: date) -> None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise InvalidIdentityNumber("身份证号中的出生日期不存在，请核对。") from None
    if not EARLIEST_BIRTH <= born <= today:
        raise InvalidIdentityNumber("身份证号中的出生日期不合理，请核对。")
