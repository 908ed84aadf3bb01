"""Two workers on real Kafka end where a recount from the topics' own bytes ends."""

from random import Random

from contracts import topics
from scoring.ids import PersonId
from scoring.ledger.domain.standing import Exemption
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.histories import Arrival, Opening, Step, invent
from services.scoring.lives import BOUNDS, BRANCHES
from services.scoring.recounts import arrivals_of, assert_recounted
from services.scoring.sheets import CARRIED, FULL, MEAN, SMALL
from services.scoring.stations import Event, Station
from support.bus import eventually, running

SHEETS = dict(zip(sorted(BOUNDS), (SMALL, FULL, CARRIED, MEAN), strict=True))


def told(arrivals: tuple[Arrival, ...]) -> list[Arrival]:
    """What registry tells; what people judge comes by another door."""
    return [each for each in arrivals if not isinstance(each.news, Exemption) and not envelopes.judged(each.news)]


def shuffled(county: County, random: Random) -> list[Event]:
    """A history of twelve people and their county, in any order, a third of it twice."""
    history = invent(random.randint(0, 9999), tuple(PersonId(new_id()) for _ in range(12)), SHEETS)
    reads = [envelopes.news(county.id, arrival.person, arrival.news) for arrival in told(history.arrivals)]
    events = [(read.topic, read.envelope) for read in reads]
    events += [(topics.COUNTY, envelopes.county_event(county.id, version)) for version in (1, 2)]
    events += [(topics.ORGANISATION, envelopes.organisation_event(county.id, branch)) for branch in BRANCHES]
    events += random.sample(events, k=len(events) // 3)
    random.shuffle(events)
    return events


async def test_two_workers_end_where_a_recount_from_the_bytes_on_the_topics_ends(station: Station) -> None:
    random, county = Random(1), station.county  # noqa: S311 — a test's
    events = shuffled(county, random)
    half, workers = len(events) // 2, [station.worker(most_records=20) for _ in range(2)]

    async def shared_out() -> bool:
        return all(worker.assigned for worker in workers)

    async def all_applied() -> bool:
        return await station.applied() == len(events) + 1 and await county.sweep() == 0

    async with running(workers[0].run), running(workers[1].run):
        await eventually(shared_out)
        await station.send((topics.COUNTY, envelopes.county_event(county.id)), *events[:half])
        await eventually(county.is_known)
        books = {quarter: await county.adopt({**SHEETS[quarter], "word": f"b{quarter.lower()}"}) for quarter in SHEETS}
        await county.open("2021Q4", books["2021Q4"])
        await station.send(*events[half:])
        for quarter in ("2022Q2", "2022Q1", "2022Q3"):
            await county.open(quarter, books[quarter])
        await eventually(all_applied)
    kept = await station.kept()
    assert len(kept) == len(events) + 1
    log: list[Step] = [*(Opening(quarter) for quarter in SHEETS), arrivals_of(kept)]
    await assert_recounted(county, log, SHEETS)
