"""Turns a story's steps into what is posted, by rule and without a server: who came to what, when, entered how."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from stack.pack import Pack, Row

ZONE = "+08:00"  # Asia/Shanghai, which has had no other offset since 1991
HOURS = "09:00-11:00"
OUTCOMES = ("attended", "excused", "missed", "withdrawn")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an attendance list; `person` is a key of people.toml or a name of the roster."""

    person: str
    outcome: str
    origin: str

    @property
    def by_proxy(self) -> bool:
        return self.origin == "proxy"


@dataclass(frozen=True, slots=True)
class Meeting:
    """An activity with its list. The key names its POSTs for ever."""

    key: str
    kind: str
    theme: str | None
    mode: str
    hosts: tuple[str, ...]
    place: str | None
    starts: str
    ends: str
    entries: tuple[Entry, ...]


def meetings(step: Row, pack: Pack) -> list[Meeting]:
    """What a `meet` or a `series` step stands for."""
    if step["do"] == "meet":
        entries = (*listed(step), *_crowd(step, pack))
        return [_meeting(step["key"], step, step["hosts"], step["day"], entries)]
    return [
        _meeting(f"{step['key']}/{branch}/{day}", step, [branch], day, _turnout(step, pack, branch, at + later))
        for later, day in enumerate(step["days"])
        for at, branch in enumerate(pack.large_branches)
    ]


def listed(step: Row) -> list[Entry]:
    """The people that a step names, each with the outcome under which it stands."""
    proxied = step.get("proxied", ())
    return [
        Entry(person, outcome, "proxy" if person in proxied else step.get("origin", "desk"))
        for outcome in OUTCOMES
        for person in step.get(outcome, ())
    ]


def hours(step: Row, day: date) -> tuple[str, str]:
    """When it starts and ends, with the zone."""
    times = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", step.get("at", HOURS))
    if times is None:
        raise ValueError(f"step {step['key']}: `at` is written 09:00-11:00")
    return f"{day}T{times[1]}:00{ZONE}", f"{day}T{times[2]}:00{ZONE}"


def _meeting(key: str, step: Row, hosts: Iterable[str], day: date, entries: Iterable[Entry]) -> Meeting:
    starts, ends = hours(step, day)
    return Meeting(
        key=key,
        kind=step["kind"],
        theme=step.get("theme"),
        mode=step.get("mode", "assembled"),
        hosts=tuple(hosts),
        place=step.get("place"),
        starts=starts,
        ends=ends,
        entries=tuple(entries),
    )


def _crowd(step: Row, pack: Pack) -> list[Entry]:
    """Every nth of the roster, beginning with number `from`."""
    if not (rule := step.get("crowd")):
        return []
    chosen = pack.roster[rule["from"] - 1 :: rule["every"]]
    return [Entry(member.name, "attended", step.get("origin", "desk")) for member in chosen]


def _turnout(step: Row, pack: Pack, branch: str, shift: int) -> Iterator[Entry]:
    for number, member in enumerate(pack.members_of(branch), start=1 + shift):
        missed, excused = number % step["missed_every"] == 0, number % step["excused_every"] == 0
        yield Entry(member.name, "missed" if missed else "excused" if excused else "attended", "desk")
