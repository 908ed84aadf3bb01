"""The worker on real Kafka: what registry tells becomes totals, and an opening reaches everybody."""

from collections.abc import Sequence
from datetime import date

from contracts import topics
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from scoring.rulebooks.domain import Shape
from services.scoring import envelopes
from services.scoring.envelopes import new_id
from services.scoring.histories import DOCUMENT
from services.scoring.stations import Event, Station
from support.bus import eventually, running


def person(county: str) -> tuple[PersonId, Sequence[Event]]:
    """Somebody with one lesson in each of two months."""
    id_, branch = PersonId(new_id()), OrganisationId(new_id())
    home = Membership(branch, home=True, since=date(2020, 1, 1), until=None)
    events = [
        (topics.PERSON, envelopes.person_event(county, id_, Life(1, (Held("A", date(2020, 1, 1)),)))),
        (topics.MEMBERSHIP, envelopes.membership_event(county, id_, Belonging(1, (home,)))),
        *((topics.PARTICIPATION, envelopes.participation_event(county, lesson(id_, month))) for month in (1, 2)),
    ]
    return id_, events


def lesson(id_: PersonId, month: int) -> Fact:
    shape = Shape("activity.attended", "lesson", None, "assembled")
    return Fact(id_, f"{new_id()}/{id_}", 1, shape, date(2022, month, 5))


async def test_events_become_totals_and_an_opening_reaches_those_who_were_there_before(station: Station) -> None:
    county = station.county
    early, before = person(county.id)
    late, after = person(county.id)
    await station.send((topics.COUNTY, envelopes.county_event(county.id)), *before)

    async def all_heard() -> bool:
        return len(await county.rows("SELECT 1 FROM facts WHERE county = :county")) == 2

    async def both_have_their_points() -> bool:
        return await station.totals() == {early: 650, late: 650}

    async with running(station.worker().run):
        await eventually(all_heard)
        await county.open("2022Q1", await county.adopt(DOCUMENT))
        await station.send(*after, *before)
        await eventually(both_have_their_points)
