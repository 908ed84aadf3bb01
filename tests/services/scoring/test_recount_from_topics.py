"""Two workers on real Kafka end where a recount from the topics' own bytes ends."""

from random import Random

from contracts import topics
from scoring.ids import PersonId
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id
from services.scoring.histories import BRANCHES, DOCUMENT, SECOND, invent
from services.scoring.recounts import assert_recounted, history_of
from services.scoring.stations import Event, Station
from support.bus import eventually, running


def shuffled(county: County, random: Random) -> list[Event]:
    """A history of twelve people and their county, in any order, a third of it twice."""
    history = invent(random.randint(0, 9999), tuple(PersonId(new_id()) for _ in range(12)))
    reads = [envelopes.news(county.id, arrival.person, arrival.news) for arrival in history.arrivals]
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
        books = [await county.adopt(document) for document in (DOCUMENT, SECOND)]
        await county.open("2022Q1", books[0])
        await station.send(*events[half:])
        await county.open("2022Q2", books[1])
        await county.open("2022Q3", books[1])
        await eventually(all_applied)
    kept = await station.kept()
    assert len(kept) == len(events) + 1
    await assert_recounted(county, history_of(kept, "2022Q1", "2022Q2", "2022Q3"))
