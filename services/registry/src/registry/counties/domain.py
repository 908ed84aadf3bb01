"""A county is a tenant: an id that never changes, a short word to sign in with, and a GB/T 2260 number that may.

章丘 was 370181 as a city and is 370114 as a district (domain.md §6), so the number is dated and never a key.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from registry.ids import CountyId

NUMBER = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class DatedNumber:
    code: str
    since: date


@dataclass(frozen=True, slots=True)
class County:
    id: CountyId
    word: str
    name: str
    codes: tuple[DatedNumber, ...]
    version: int = 1


class UnknownCounty(LookupError):
    def __init__(self) -> None:
        super().__init__("没有找到这个县。")


class WordTaken(ValueError):
    def __init__(self) -> None:
        super().__init__("这个简称已有别的县使用，请换一个。")


class WrongNumbers(ValueError):
    """The GB/T 2260 numbers are none, malformed, or two of one day."""


def establish(id_: CountyId, word: str, name: str, codes: Iterable[DatedNumber]) -> County:
    """Raises WrongNumbers."""
    return County(id_, word, name, _in_order(codes))


def amend(county: County, name: str, codes: Iterable[DatedNumber]) -> County:
    """The word stays: people sign in with it. Raises WrongNumbers."""
    after = replace(county, name=name, codes=_in_order(codes))
    return county if after == county else replace(after, version=county.version + 1)


def _in_order(codes: Iterable[DatedNumber]) -> tuple[DatedNumber, ...]:
    ordered = tuple(sorted(codes, key=lambda code: code.since))
    if not ordered or any(not NUMBER.fullmatch(code.code) for code in ordered):
        raise WrongNumbers("至少要有一个行政区划代码，每个为 6 位数字。")
    if len({code.since for code in ordered}) < len(ordered):
        raise WrongNumbers("同一天起用的行政区划代码只能有一个。")
    return ordered
