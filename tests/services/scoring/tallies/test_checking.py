"""The look at the ledger: a difference counts at once, a version that is only behind counts after a minute."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scoring.ids import CountyId, PersonId
from scoring.tallies.domain.checking import PATIENCE_S, Entry, Findings, Look, Waiting
from scoring.tallies.domain.rows import Booked, Row, Worth
from services.scoring.tallies.given import COUNTY, EAST, MONDAY, SPRING, WEST, row

ANN = PersonId("ann")
ROW = row(3, 650, booked=50)
ENTRY = Entry(COUNTY, ANN, 3, EAST, ROW.worth, MONDAY, 50)
AT = datetime(2022, 7, 4, tzinfo=UTC)


def look(entry: Entry | None, row: Row | None, waiting: Waiting | None = None, now: float = 0) -> Findings:
    rows: Mapping[PersonId, Row] = {ANN: row} if row else {}
    one = Look(waiting or Waiting(), now)
    one.chunk([entry] if entry else [], rows)
    return one.end(rows, AT)


def test_the_same_version_and_the_same_points_are_no_finding() -> None:
    assert look(ENTRY, ROW) == Findings(AT, 1, {}, {})


@pytest.mark.parametrize(
    "doctored",
    [
        {"worth": {SPRING: Worth(600, {"study": 50}, 651)}},
        {"worth": {SPRING: Worth(600, {"study": 51}, 650)}},
        {"worth": {SPRING: Worth(600, {"study": 50}, 650, adjusted=1)}},
        {"worth": {}},
        {"branch": WEST},
        {"booked_tenths": 51},
    ],
    ids=str,
)
def test_whatever_one_version_says_otherwise_is_a_difference_at_once(doctored: dict[str, object]) -> None:
    found = look(replace(ENTRY, **doctored), ROW)  # type: ignore[arg-type]
    assert (found.different, found.late) == ({COUNTY: 1}, {})


@pytest.mark.parametrize(
    ("entry", "row"),
    [(replace(ENTRY, version=4), ROW), (ENTRY, replace(ROW, version=4)), (ENTRY, None), (None, ROW)],
    ids=["behind", "ahead", "not heard of", "unknown to the ledger"],
)
def test_another_version_is_no_difference_and_lag_only_after_a_minute(entry: Entry | None, row: Row | None) -> None:
    waiting = Waiting()
    _, quick, slow = (look(entry, row, waiting, now) for now in (0, PATIENCE_S, PATIENCE_S + 1))
    assert (quick.different, quick.late) == ({}, {})
    assert (slow.different, slow.late) == ({}, {COUNTY: 1})


def test_whoever_keeps_up_a_version_behind_is_not_late() -> None:
    waiting = Waiting()
    for version in range(4, 10):
        behind = replace(ROW, version=version - 1)
        assert look(replace(ENTRY, version=version), behind, waiting, now=40.0 * version).late == {}


def test_whoever_caught_up_begins_to_wait_anew() -> None:
    waiting = Waiting()
    look(replace(ENTRY, version=4), ROW, waiting, now=0)
    look(ENTRY, ROW, waiting, now=50)
    assert look(replace(ENTRY, version=4), ROW, waiting, now=100).late == {}


def test_nothing_is_missed_of_a_stub_of_whom_nothing_was_published() -> None:
    waiting = Waiting()
    assert [look(replace(ENTRY, version=0), None, waiting, now) for now in (0, 1000)] == [Findings(AT, 0, {}, {})] * 2


def test_who_is_gone_from_both_is_forgotten() -> None:
    waiting = Waiting()
    look(ENTRY, None, waiting)
    look(None, None, waiting)
    assert waiting.since == {}


def test_a_stub_in_another_county_is_nobodys_difference() -> None:
    rows, waiting = {ANN: ROW}, Waiting()
    for now in (0, 1000):
        one = Look(waiting, now)
        one.chunk([ENTRY, replace(ENTRY, county=CountyId("another"), version=0)], rows)
        assert one.end(rows, AT) == Findings(AT, 1, {}, {})


def test_whoever_was_never_booked_anything_has_no_day_to_differ_on() -> None:
    row = replace(ROW, booked={MONDAY: Booked(3, 50)})
    assert look(replace(ENTRY, booked_on=None, booked_tenths=0), row).different == {}
