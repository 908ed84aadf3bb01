"""Every figure that is not the expected one is named, and nothing else."""

from functools import cache
from pathlib import Path

from stack import figures
from stack.figures import Figures
from stack.pack import Pack, load

FOLDER = Path(__file__).parents[3] / "deploy" / "counties" / "taoyuan"


@cache
def pack() -> Pack:
    return load(FOLDER)


def answered() -> Figures:
    """What services answer that are right."""
    return figures.expected(pack())


def test_right_figures_differ_in_nothing() -> None:
    assert figures.differences(pack(), answered()) == []


def test_a_wrong_figure_is_named_with_both_values() -> None:
    found = answered()
    found.people["tingyu", "2022Q1"] = {**found.people["tingyu", "2022Q1"], "learning": 110}
    assert figures.differences(pack(), found) == ["荷渚听雨 2022Q1 learning: expected 13.0, got 11.0"]


def test_a_missing_figure_is_named_too() -> None:
    found = answered()
    del found.branches["peach", "2022Q2"]
    assert figures.differences(pack(), found) == [
        "桃花源离退休干部党支部 2022Q2 members: expected 4, got nothing",
        "桃花源离退休干部党支部 2022Q2 total: expected 377.5, got nothing",
    ]


def test_a_branch_more_than_expected_is_no_difference() -> None:
    found = answered()
    found.branches["hejie", "2022Q1"] = {"members": 35, "total": 1}
    assert figures.differences(pack(), found) == []


def test_the_quarters_are_counted_as_of_their_last_days() -> None:
    days = {period: str(day) for period, day in figures.periods(pack()).items()}
    assert days == {"2022Q1": "2022-03-31", "2022Q2": "2022-06-30", "2022Q3": "2022-09-30"}
