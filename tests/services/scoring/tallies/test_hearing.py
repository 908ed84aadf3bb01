"""From the topic's bytes to rows and to the changelog's bytes, and back from those."""

import pytest

from scoring.ids import PersonId, Quarter
from scoring.tallies import events, repository
from scoring.tallies.domain.rows import Booked, Row, Worth
from scoring.tallies.handlers import NotRecovered, Tallies
from services.scoring.envelopes import new_id
from services.scoring.tallies.given import COUNTY, MONDAY, SPRING, SUMMER, event, row

PERSON = PersonId(new_id())
FULL = Row(
    COUNTY,
    7,
    None,
    {SPRING: Worth(600, {"study": 50, "deeds": -10}, 640), SUMMER: Worth(700, {}, 690, adjusted=-10)},
    {MONDAY: Booked(7, -20)},
)


def test_an_event_is_read_whole() -> None:
    assert events.row(event(PERSON, FULL)) == (PERSON, FULL)


def test_what_the_changelog_keeps_is_the_row() -> None:
    assert repository.load(repository.dump(FULL)) == FULL


def test_a_type_of_a_later_release_is_passed_over() -> None:
    assert events.row(event(PERSON, FULL, type="points.settled.v1")) is None


@pytest.mark.parametrize("broken", [b"", b"{}", b"no event"])
def test_what_is_no_event_is_passed_over_and_the_next_one_heard(broken: bytes) -> None:
    assert Tallies().hear([broken, event(PERSON, FULL)]).keys() == {PERSON}


def test_an_event_of_another_service_is_passed_over() -> None:
    assert Tallies().hear([event(PERSON, FULL, source="/jinqiu/registry")]) == {}


def test_a_duplicate_and_an_older_one_change_nothing() -> None:
    tallies = Tallies()
    assert tallies.hear([event(PERSON, row(2, 650, booked=50))]).keys() == {PERSON}
    before = tallies.index.county(COUNTY)
    assert tallies.hear([event(PERSON, row(2, 650, booked=50)), event(PERSON, row(1, 610, booked=10))]) == {}
    assert tallies.index.county(COUNTY) == before


def test_after_recovery_the_sums_are_those_of_the_rows_read_back() -> None:
    lived = Tallies()
    kept: dict[PersonId, bytes] = {}
    for version in range(1, 5):
        kept |= lived.hear([event(PERSON, row(version, 600 + version, booked=version))])
    died = Tallies()
    with pytest.raises(NotRecovered):
        died.require_recovered()
    died.recover(kept.items())
    died.require_recovered()
    assert (died.index.rows, died.index.branches) == (lived.index.rows, lived.index.branches)


def test_what_is_read_back_replaces_what_was_there() -> None:
    tallies = Tallies()
    tallies.hear([event(PERSON, row(1, 650))])
    tallies.recover([])
    assert Quarter("2022Q1") not in tallies.index.county(COUNTY).quarters
