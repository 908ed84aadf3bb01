"""A county's lists of codes. A list is replaced as a whole by its next version; a code is ended, never removed.

Sources: domain.md §3 (the meeting type decides who is due: 支委会 absence cannot be charged to a plain member) and §6
(division codes change, 章丘 was 370181 and is 370114, so each has its days and its successor).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ListName(StrEnum):
    ACTIVITY_KIND = "activity-kind"
    THEME = "theme"
    PLACE_KIND = "place-kind"
    HOST = "host"
    CLASS = "class"
    CAPACITY = "capacity"
    RANK = "rank"
    TOWNSHIP = "township"


class Due(StrEnum):
    """Who has to come to a kind of activity: what an absence can be charged to."""

    ALL = "all"  # every member of a host
    COMMITTEE = "committee"  # who holds a seat in a host's committee
    GROUP = "group"  # every member of a host, and hosts are 党小组
    NONE = "none"  # nobody: whoever comes is welcome


@dataclass(frozen=True, slots=True)
class Code:
    """`since` and `until` (exclusive) are the days it holds; an open side is None."""

    code: str
    name: str
    since: date | None = None
    until: date | None = None
    due: Due | None = None  # activity kinds only, and there it must be said
    party_life: bool = False  # activity kinds only: 三会一课 and its like
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    name: ListName
    version: int
    codes: tuple[Code, ...]

    def get(self, code: str) -> Code | None:
        return next((known for known in self.codes if known.code == code), None)


Taxonomies = Mapping[ListName, Taxonomy]


class BadList(Exception):
    """A posted list contradicts itself or its predecessor; `errors` has each fault's place in it."""

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        super().__init__(f"代码表有 {len(errors)} 处不合规定，没有采用。")
        self.errors = tuple(errors)


class WrongCode(Exception):
    """Fields that hold a code which the county's list does not have, or not on that day."""

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        super().__init__("；".join(f"{wrong['field']} {wrong['sentence']}" for wrong in errors[:5]) + "。")
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class Use:
    """A code that somebody wants to write into a field, on the day that it has to hold."""

    field: str
    name: ListName
    code: str
    on: date


def adopt(before: Taxonomy | None, name: ListName, codes: Sequence[Code]) -> Taxonomy:
    """Make the list's next version; the same codes again are the same version. Raises BadList."""
    if before and before.codes == tuple(codes):
        return before
    if faults := [*_repeated(codes), *_malformed(name, codes), *_dropped(before, codes)]:
        raise BadList([{"field": place, "sentence": sentence} for place, sentence in faults])
    return Taxonomy(name, before.version + 1 if before else 1, tuple(codes))


def look_up(known: Taxonomies, use: Use) -> Code:
    """The code as it holds on that day. Raises WrongCode, naming the field."""
    found, sentence = _find(known, use)
    if found is None or sentence:
        raise WrongCode([{"field": use.field, "sentence": sentence}])
    return found


def check(known: Taxonomies, uses: Iterable[Use]) -> None:
    """Look all of them up before answering. Raises WrongCode, naming every wrong field."""
    wrong = [{"field": use.field, "sentence": sentence} for use in uses if (sentence := _find(known, use)[1])]
    if wrong:
        raise WrongCode(wrong)


def _find(known: Taxonomies, use: Use) -> tuple[Code | None, str]:
    """The code, and what is wrong with it; never the text that was sent, which may be anything."""
    taxonomy = known.get(use.name)
    found = taxonomy.get(use.code) if taxonomy else None
    if found is None:
        return None, "本县代码表中没有这个代码"
    if found.since and use.on < found.since:
        return found, f"这个代码自 {found.since} 起才有效"
    if found.until and use.on >= found.until:
        return found, f"这个代码自 {found.until} 起已停用" + (f"，现用 {found.successor}" if found.successor else "")
    return found, ""


Fault = tuple[str, str]
_SHAPES = {ListName.TOWNSHIP: re.compile(r"[0-9]{6}([0-9]{3})?")}
_SHAPE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")


def _repeated(codes: Sequence[Code]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, code in enumerate(codes):
        if code.code in seen:
            yield f"codes.{place}.code", "与前面的代码重复"
        seen.add(code.code)


def _malformed(name: ListName, codes: Sequence[Code]) -> Iterator[Fault]:
    known = {code.code for code in codes}
    for place, code in enumerate(codes):
        if not _SHAPES.get(name, _SHAPE).fullmatch(code.code):
            yield f"codes.{place}.code", "写法不合规定"
        if code.since and code.until and code.until <= code.since:
            yield f"codes.{place}.until", "停用日须晚于启用日"
        if code.successor and code.successor not in known:
            yield f"codes.{place}.successor", "接替的代码不在表中"
        if name is ListName.ACTIVITY_KIND and code.due is None:
            yield f"codes.{place}.due", "活动类型必须写明应到范围"
        if name is not ListName.ACTIVITY_KIND and (code.due or code.party_life):
            yield f"codes.{place}.due", "只有活动类型才写应到范围和组织生活"


def _dropped(before: Taxonomy | None, codes: Sequence[Code]) -> Iterator[Fault]:
    kept = {code.code for code in codes}
    for old in before.codes if before else ():
        if old.code not in kept:
            yield "codes", f"代码 {old.code} 已在使用，只能写停用日，不能删去"
