"""What recorded facts ask to be taken away, as long as they ask for it."""

from dataclasses import replace
from datetime import date

import pytest

from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.accounts import News
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Exemption, Held, Life, Membership
from scoring.rulebooks.domain import Shape
from services.scoring.histories import Arrival, Opening
from services.scoring.ledger.memory import Memory
from services.scoring.sheets import FULL, SMALL

ME = PersonId("me")
LIFE = Life(1, (Held("A", date(2020, 1, 1)),))
HOME = Belonging(1, (Membership(OrganisationId("home"), home=True, since=date(2020, 1, 1), until=None),))
MISSED = Fact(ME, "activity/me", 1, Shape("activity.missed", "study", None, "assembled"), date(2022, 2, 3), by="clerk")
WHOLE = Exemption("exemption", 1, date(2022, 2, 1), date(2022, 3, 1))
SILENT = {"2022Q1": SMALL, "2022Q2": FULL}  # the first quarter's book proposes nothing
THEN = replace(MISSED, day=date(2022, 5, 3))


def asked(*batches: list[News]) -> list[tuple[str, str, str]]:
    """What is asked for at the end: subject, item, and who recorded it."""
    memory = Memory({"2022Q1": FULL, "2022Q2": FULL})
    memory.play([Opening("2022Q1"), Opening("2022Q2"), [Arrival(ME, LIFE), Arrival(ME, HOME)]])
    memory.play([Arrival(ME, each) for each in batch] for batch in batches)
    return [(each.subject, each.item, each.by) for _, proposals in memory.proposed.values() for each in proposals]


ASKED = [("activity/me", "absence", "clerk")]


def test_an_absence_asks_and_does_not_take_away() -> None:
    assert asked([MISSED]) == ASKED


@pytest.mark.parametrize(
    "later",
    [
        replace(MISSED, version=2, withdrawn=True),
        replace(MISSED, version=2, shape=replace(MISSED.shape, event="activity.excused")),
        replace(MISSED, version=2, shape=replace(MISSED.shape, kind="chess")),
        replace(MISSED, version=2, day=date(2022, 7, 1)),
    ],
)
def test_it_asks_no_longer_once_it_was_put_right(later: Fact) -> None:
    assert asked([MISSED], [later]) == []


def test_a_later_version_that_says_the_same_still_asks() -> None:
    assert asked([MISSED], [replace(MISSED, version=2)]) == ASKED


def test_it_asks_under_another_day_too() -> None:
    assert asked([MISSED], [replace(MISSED, version=2, day=date(2022, 4, 1))]) == ASKED


def test_it_asks_for_nothing_on_exempt_days_until_the_exemption_is_taken_back() -> None:
    assert asked([WHOLE], [MISSED]) == asked([MISSED], [WHOLE]) == []
    assert asked([MISSED], [WHOLE], [replace(WHOLE, version=2, withdrawn=True)]) == ASKED


def test_a_correction_that_comes_with_a_merge_takes_the_proposal_back() -> None:
    """Of the entry that goes on nobody had heard the absence before."""
    memory = Memory({"2022Q1": FULL})
    other = PersonId("other")
    memory.play([Opening("2022Q1"), [Arrival(ME, each) for each in (LIFE, HOME, MISSED)]])
    assert memory.proposed
    ended, corrected = replace(LIFE, version=2, merged_into=other), replace(MISSED, version=2, withdrawn=True)
    memory.play([[Arrival(ME, ended), Arrival(ME, corrected)]])
    assert memory.proposed == {}


def test_only_facts_that_may_ask_are_looked_at() -> None:
    lesson = replace(MISSED, subject="lesson/me", shape=Shape("activity.attended", "lesson", None, "assembled"))
    facts: list[News] = [
        THEN,
        lesson,
        replace(MISSED, subject="earlier/me"),
        replace(lesson, subject="later/me", day=THEN.day),
    ]
    memory = Memory(SILENT)
    memory.play([Opening("2022Q1"), Opening("2022Q2"), [Arrival(ME, each) for each in [LIFE, HOME, *facts]]])
    memory.play([[Arrival(ME, Life(2, (Held("B", date(2020, 1, 1)),)))]])
    assert memory.published[-1].looked == {THEN.subject}
    assert memory.proposed.keys() == {THEN.subject}


def test_it_asks_no_longer_once_it_belongs_to_a_quarter_whose_book_proposes_nothing() -> None:
    memory = Memory(SILENT)
    memory.play([Opening("2022Q1"), Opening("2022Q2"), [Arrival(ME, each) for each in (LIFE, HOME, THEN)]])
    memory.play([[Arrival(ME, replace(MISSED, version=2))]])
    assert memory.proposed == {}
    memory.play([[Arrival(ME, replace(THEN, version=3))]])
    assert memory.proposed.keys() == {THEN.subject}
