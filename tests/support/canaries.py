"""Texts and numbers that no program writes by chance, to fill every field with, and a search that finds them again.

CANARY.name(3), CANARY.identity(3), CANARY.phone(3), CANARY.address(3), CANARY.login(3)
found_in(content)      which of them, however they are written: UTF-8, GB18030, JSON, percent, hex, repr
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from registry.identity.domain import check_digit

ORDERS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


@dataclass(frozen=True)
class Invented:
    """Particulars of people who are nobody: `han` stands in every name and address, `word` in every login.

    `public` names what everybody may know: the county, and the codes that events carry.
    """

    han: str
    word: str
    born: str  # region and birth date: how each identity number begins
    line: str  # how each phone number begins
    public: str

    def name(self, order: int = 0) -> str:
        return f"{self.han}{ORDERS[order]}"

    def address(self, order: int = 0) -> str:
        return f"{self.han}路{order}号"

    def identity(self, order: int = 0) -> str:
        first17 = f"{self.born}{order:03}"
        return first17 + check_digit(first17)

    def phone(self, order: int = 0) -> str:
        return f"{self.line}{order:04}"

    def login(self, order: int = 0) -> str:
        return f"{self.word}-{order}"

    def texts(self) -> list[str]:
        return [self.han, self.word, self.born, *(self.phone(order) for order in range(len(ORDERS)))]


CANARY = Invented("匿鸢", "zqcanary", "99988819400101", "1097753", "first-county")
PLAIN = Invented("示例", "neighbour", "99910119500101", "1090001", "second-county")


class Search:
    """Looks for texts in bytes, and for numbers by their patterns."""

    def __init__(self, texts: Iterable[str], numbers: Iterable[bytes] = ()) -> None:
        spelled = sorted({form for text in texts for form in spellings(text)})
        self._pattern = re.compile(b"|".join([*map(re.escape, spelled), *numbers]))

    def in_(self, content: bytes) -> set[bytes]:
        return set(self._pattern.findall(content))


def spellings(text: str) -> set[bytes]:
    """As a file, a log, an address, a database's `bytea` or a program's repr shows it."""
    plain, told = text.encode(), json.dumps(text)[1:-1]
    percent = quote(text)
    return {
        plain,
        text.encode("gb18030"),
        told.encode(),
        told.upper().replace("\\U", "\\u").encode(),
        percent.encode(),
        percent.lower().encode(),
        plain.hex().encode(),
        plain.hex().upper().encode(),
        repr(plain)[2:-1].encode(),
    }


_SEARCH = Search(CANARY.texts())


def found_in(content: bytes | str) -> set[bytes]:
    """The canaries in it."""
    return _SEARCH.in_(content.encode() if isinstance(content, str) else content)
