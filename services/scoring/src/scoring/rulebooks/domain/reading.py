"""Takes a posted document apart without trusting any of it, noting everything that has the wrong form.

A refusal names places and checked codes; it never repeats free text, which may be anything that somebody pasted.
"""

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scoring.rulebooks.domain.refusals import Refusal, Rule

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
WORD = re.compile(r"[a-z][a-z0-9-]{1,31}")
SELECTOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGEST = 100
MOST = 200
LARGEST = 100_000  # ten thousand points; more is a slip of the pen


@dataclass(slots=True)
class Fields:
    """One object of the document. Each getter answers a usable value and notes a refusal if it had to invent it."""

    raw: Mapping[str, object]
    path: str
    refusals: list[Refusal]
    refused: set[str] = field(default_factory=set)  # the fields that have the wrong form

    def text(self, key: str, default: str | None = None) -> str:
        value = self.raw.get(key, default)
        if isinstance(value, str) and value.strip() and value.isprintable() and len(value) <= LONGEST:
            return value
        self._refuse(key, f"应填写文字（不超过{LONGEST}字）")
        return ""

    def text_or_none(self, key: str) -> str | None:
        return None if self.raw.get(key) is None else self.text(key)

    def flag(self, key: str) -> bool:
        value = self.raw.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self._refuse(key, "应填写true或false")
        return False

    def code_or_none(self, key: str) -> str | None:
        return None if self.raw.get(key) is None else self.code(key)

    def code(self, key: str) -> str:
        """A code as it may stand in an event."""
        value = self.raw.get(key)
        if isinstance(value, str) and CODE.fullmatch(value):
            return value
        self._refuse(key, "应填写代码（字母开头的字母、数字、点和横线）")
        return ""

    def whole(self, key: str) -> int:
        value = self.raw.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST:
            return value
        self._refuse(key, f"应填写整数（以0.1分为单位，不超过{LARGEST}）")
        return 0

    def whole_or_none(self, key: str) -> int | None:
        return None if self.raw.get(key) is None else self.whole(key)

    def texts(self, key: str) -> frozenset[str]:
        value = self.raw.get(key, [])
        if isinstance(value, list) and all(isinstance(code, str) and SELECTOR.fullmatch(code) for code in value):
            return frozenset(value)
        self._refuse(key, "应填写代码的列表")
        return frozenset()

    def day(self, key: str) -> date | None:
        value = self.raw.get(key)
        if isinstance(value, str) and DAY.fullmatch(value):
            with contextlib.suppress(ValueError):
                return date.fromisoformat(value)
        self._refuse(key, "应填写日期，如“2022-01-01”")
        return None

    def wholes(self, key: str, by: str) -> dict[str, int]:
        """Whole numbers by code, such as those of a class or a grade."""
        value = self.raw.get(key)
        if not isinstance(value, Mapping):
            self._refuse(key, f"应按{by}逐一填写")
            return {}
        each = Fields(value, f"{self.path}{key}.", self.refusals)
        for code in value:
            if not CODE.fullmatch(str(code)):
                each._refuse(str(code), f"不是{by}的代码")
        numbers = {str(code): each.whole(str(code)) for code in value}
        self.refused |= {key} if each.refused else set()
        return numbers

    def part(self, key: str) -> "Fields | None":
        value = self.raw.get(key)
        if value is None or isinstance(value, Mapping):
            return None if value is None else Fields(value, f"{self.path}{key}.", self.refusals)
        self._refuse(key, "应分栏填写")
        return None

    def objects(self, key: str, default: Sequence[object] | None = None) -> "list[Fields]":
        value = self.raw.get(key, default)
        if not isinstance(value, list) or len(value) > MOST or not all(isinstance(entry, Mapping) for entry in value):
            self._refuse(key, f"应填写条目的列表（不超过{MOST}项）")
            return []
        return [Fields(entry, f"{self.path}{key}[{at}].", self.refusals) for at, entry in enumerate(value)]

    def only(self, allowed: Sequence[str]) -> None:
        """Note every field that the language does not have; what is not understood must not be ignored."""
        for key in self.raw:
            if key not in allowed:
                self.refusals.append(Refusal(Rule.UNKNOWN_FIELD, self.path + shown(key), "积分办法中没有这一栏。"))

    def _refuse(self, key: str, what: str) -> None:
        self.refused.add(key)
        self.refusals.append(Refusal(Rule.FORM, self.path + shown(key), f"这一栏{what}。"))


def shown(key: str) -> str:
    """A field's name as it may be told back."""
    return key if CODE.fullmatch(key) else "?"
