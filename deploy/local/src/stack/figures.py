"""The figures of a story: what the pack expects, what the services answered, and how they differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from stack.pack import Pack, Row, points, tenths

Key = tuple[str, str]
"""A person's or a branch's key in the pack, and the period."""
Sheet = Mapping[str, int]
"""In tenths: `base`, each aspect's code, `total`, and `published`, what the close froze; for a branch `total` and
`members`, a count."""
COUNTED = "members"
PUBLISHED = "published"
EMPTY: Sheet = {}


@dataclass(frozen=True, slots=True)
class Figures:
    people: dict[Key, Sheet] = field(default_factory=dict)
    branches: dict[Key, Sheet] = field(default_factory=dict)


def expected(pack: Pack) -> Figures:
    """What the pack's author worked out by hand."""
    return Figures(dict(_told(pack.expected["person"])), dict(_told(pack.expected["branch"])))


def periods(pack: Pack) -> dict[str, date]:
    """Each quarter that the story opens, with the day as of which its branches are counted: its last."""
    days: dict[str, date] = {}
    for branch in pack.expected["branch"]:
        days |= {period: told["as_of"] for period, told in branch.items() if isinstance(told, dict)}
    return days


def differences(pack: Pack, found: Figures) -> list[str]:
    """One sentence for each figure that is not the expected one."""
    wanted = expected(pack)
    names = {**_names(pack.expected["person"]), **_names(pack.expected["branch"])}
    return [
        *_differences(wanted.people, found.people, names),
        *_differences(wanted.branches, found.branches, names),
    ]


def _differences(wanted: Mapping[Key, Sheet], found: Mapping[Key, Sheet], names: Mapping[str, str]) -> Iterator[str]:
    for key, sheet in wanted.items():
        answered = found.get(key, EMPTY)
        for figure, value in sheet.items():
            if answered.get(figure) != value:
                got = "nothing" if figure not in answered else _shown(figure, answered[figure])
                yield f"{names[key[0]]} {key[1]} {figure}: expected {_shown(figure, value)}, got {got}"


def _shown(figure: str, value: int) -> str:
    return str(value) if figure == COUNTED else points(value)


def _told(rows: list[Row]) -> Iterator[tuple[Key, Sheet]]:
    for row in rows:
        published = row.get(PUBLISHED, {})
        for period, told in row.items():
            if isinstance(told, dict) and period != PUBLISHED:
                sheet = {**told, PUBLISHED: published[period]} if period in published else told
                yield (row["key"], period), {n: _value(n, value) for n, value in sheet.items() if n != "as_of"}


def _value(name: str, value: int) -> int:
    return value if name == COUNTED else tenths(value)


def _names(rows: list[Row]) -> dict[str, str]:
    return {row["key"]: row["name"] for row in rows}
