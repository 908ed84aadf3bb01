"""What the world hears of a notice, and that the bus carries it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from bus.outbox import MAX_VALUE_BYTES
from contracts.envelope import encode
from scoring.events import Cause
from scoring.ids import CountyId, OrganisationId, PersonId
from scoring.notices.domain import MOST_PEOPLE, Result, Shows, Terms, Window, compose
from scoring.notices.events import published
from services.scoring.envelopes import new_id


@dataclass
class Moment:
    county: CountyId
    now: datetime = datetime(2022, 4, 6, 4, tzinfo=UTC)

    def new_id(self) -> str:
        return new_id()


@pytest.mark.parametrize("shows", Shows)
def test_the_largest_notice_with_the_longest_entries_is_carried(shows: Shows) -> None:
    branch, grade = OrganisationId(new_id()), "g" * 64
    results = [Result(PersonId(new_id()), branch, -999_999_999, grade) for _ in range(MOST_PEOPLE)]
    window = Window(date(2022, 4, 6), 30, date(2022, 5, 20))
    (notice,) = compose("2022Q1", results, window, Terms(30, shows, "b" * 64), new_id)
    _, told = published(Moment(CountyId(new_id())), Cause(new_id(), actor=new_id(), origin="desk"), notice)
    assert len(encode(told)) < MAX_VALUE_BYTES
