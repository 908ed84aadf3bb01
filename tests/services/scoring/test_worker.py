"""The worker on real Kafka: what registry tells becomes totals, and an opening reaches everybody."""

from collections.abc import Sequence
from datetime import date

import pytest
from prometheus_client import REGISTRY

from contracts import topics
from scoring import consumers
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from scoring.ledger.repository import LedgerRepository
from scoring.rulebooks.domain import Shape
from services.scoring import envelopes
from services.scoring.envelopes import new_id
from services.scoring.histories import DOCUMENT
from services.scoring.stations import Event, Station
from support.bus import eventually, running

CLASSES = "UPDATE accounts SET classes = CAST(:classes AS jsonb) WHERE person = :person RETURNING person"


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


@pytest.mark.parametrize("most", [1000, 1])
async def test_an_account_that_cannot_be_rated_stays_pending_and_stops_nobody(
    station: Station, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Also if it is all that there is of its chunk: those after it come, and it comes again at the end."""
    county, left_behind = station.county, LedgerRepository.left_behind
    monkeypatch.setattr(LedgerRepository, "left_behind", lambda each, after, _: left_behind(each, after, most))
    monkeypatch.setattr(consumers, "TRY_AGAIN_S", 0.1)
    (bad, of_bad), (good, of_good), (last, of_last) = sorted(person(county.id) for _ in range(3))
    await station.send((topics.COUNTY, envelopes.county_event(county.id)), *of_bad, *of_good, *of_last)

    async def all_heard() -> bool:
        return len(await county.rows("SELECT 1 FROM facts WHERE county = :county")) == 6

    async def all_others_have_their_points() -> bool:
        return await station.totals() == {good: 650, last: 650} and not_rated() > before

    async def everybody_has_points() -> bool:
        return await station.totals() == {bad: 650, good: 650, last: 650}

    async def pending() -> int:
        (opened,) = (await county.client("county_admin").get("/periods")).json()["items"]
        return int(opened["pending"])

    before = not_rated()
    async with running(station.worker().run):
        await eventually(all_heard)
        await county.rows(CLASSES, person=bad, classes="[{}]")
        await county.open("2022Q1", await county.adopt(DOCUMENT))
        await eventually(all_others_have_their_points)
        assert await pending() == 1
        await county.rows(CLASSES, person=bad, classes='[{"code": "A", "since": "2020-01-01"}]')
        await eventually(everybody_has_points)
    assert await pending() == 0


def not_rated() -> float:
    return REGISTRY.get_sample_value("jinqiu_scoring_not_rated_accounts_total") or 0
