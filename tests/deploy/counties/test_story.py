"""How a step of a story becomes meetings with their lists."""

from datetime import date
from pathlib import Path

import pytest

from stack import story
from stack.pack import Member, Pack

DAY = date(2022, 3, 15)


def a_pack(*branches: str, members: int) -> Pack:
    """Large branches only, each with numbered members."""
    roster = tuple(Member(f"{branch}{n}", branch, DAY, "A", DAY) for branch in branches for n in range(1, members + 1))
    organisations = {branch: {"kind": "branch"} for branch in branches}
    return Pack(Path(), {}, {}, organisations, {}, roster, {}, {}, (), {})


def a_series(**more: object) -> dict[str, object]:
    step = {"key": "s", "do": "series", "kind": "party-day", "days": [DAY], "missed_every": 3, "excused_every": 2}
    return {**step, **more}


def outcomes(meeting: story.Meeting) -> list[str]:
    return [entry.outcome for entry in meeting.entries]


def test_a_series_is_one_meeting_a_branch_a_day() -> None:
    later = date(2022, 4, 15)
    meetings = story.meetings(a_series(days=[DAY, later]), a_pack("east", "west", members=1))
    assert [meeting.key for meeting in meetings] == [
        "s/east/2022-03-15", "s/west/2022-03-15", "s/east/2022-04-15", "s/west/2022-04-15",
    ]  # fmt: skip
    assert meetings[1].hosts == ("west",)


def test_every_third_missed_it_and_every_second_of_the_others_was_excused() -> None:
    (meeting,) = story.meetings(a_series(), a_pack("east", members=6))
    assert outcomes(meeting) == ["attended", "excused", "missed", "excused", "attended", "missed"]


def test_the_count_begins_one_later_in_every_next_branch() -> None:
    _, west = story.meetings(a_series(), a_pack("east", "west", members=3))
    assert outcomes(west) == ["excused", "missed", "excused"]


def test_a_crowd_is_every_nth_of_the_roster() -> None:
    step = {"key": "m", "do": "meet", "kind": "briefing", "hosts": ["bureau"], "day": DAY, "attended": ["named"]}
    (meeting,) = story.meetings({**step, "crowd": {"every": 2, "from": 2}}, a_pack("east", members=5))
    assert [entry.person for entry in meeting.entries] == ["named", "east2", "east4"]


def test_who_is_proxied_was_entered_by_proxy_and_the_others_as_the_step_says() -> None:
    step = {"key": "m", "origin": "paper", "attended": ["ann", "bob"], "excused": ["cat"], "proxied": ["bob"]}
    assert story.listed(step) == [
        story.Entry("ann", "attended", "paper"),
        story.Entry("bob", "attended", "proxy"),
        story.Entry("cat", "excused", "paper"),
    ]


def test_a_meeting_has_its_hours_in_shanghai() -> None:
    assert story.hours({"key": "m", "at": "07:00-08:00"}, DAY) == (
        "2022-03-15T07:00:00+08:00",
        "2022-03-15T08:00:00+08:00",
    )
    with pytest.raises(ValueError, match="step m"):
        story.hours({"key": "m", "at": "7 to 8"}, DAY)
