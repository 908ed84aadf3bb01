"""The fold on real PostgreSQL: two workers and a clerk at once, and still what a recount finds."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from random import Random

import orjson
import pytest

from bus.subscriptions import Read
from contracts import topics
from scoring.consumers import Seen
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain import cells
from scoring.ledger.domain.standing import Belonging, Membership
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id, news
from services.scoring.histories import BRANCHES, DOCUMENT, SECOND, Arrival, History, Opening, Sweep, invent, recount
from services.scoring.mutants import MUTANTS
from services.scoring.recounts import assert_recounted

POINTS = """
    SELECT subject, aggregateversion, value FROM journal WHERE county = :county AND topic = 'scoring.points' ORDER BY id
"""


def of_places(county: County, random: Random) -> list[Read[Seen]]:
    """What registry tells of two counties and their organisations, every version, in any order, some twice."""
    neighbour = County(county.api, county.worker)
    told = [
        envelopes.read(topics.COUNTY, envelopes.county_event(each.id, version, f"word-{version}"))
        for each in (county, neighbour)
        for version in (2, 3, 4)
    ] + [
        envelopes.read(topics.ORGANISATION, envelopes.organisation_event(each.id, branch, None, version))
        for each in (county, neighbour)
        for branch in BRANCHES
        for version in (1, 2, 3)
    ]
    told += random.sample(told, k=6)
    random.shuffle(told)
    return told


async def play(county: County, history: History, random: Random) -> None:
    """Deal the batches to two workers, who run at once; the clerk opens the quarters meanwhile."""
    places = of_places(county, random)
    books = {1: await county.adopt(DOCUMENT), 2: await county.adopt(SECOND)}
    workers: tuple[list[list[Arrival]], ...] = ([], [])
    for step in history.steps(random):
        if isinstance(step, list):
            random.choice(workers).append(step)

    async def work(batches: Sequence[Sequence[Arrival]]) -> None:
        for batch in batches:
            reads = [news(county.id, arrival.person, arrival.news) for arrival in batch]
            reads += [places.pop() for _ in range(min(len(places), random.randint(0, 3)))]
            random.shuffle(reads)
            await county.apply(reads)

    async def clerk() -> None:
        for step in history.steps(random):
            if isinstance(step, Opening):
                await county.open(step.quarter, books[1 if step.quarter == "2022Q1" else 2])
            elif isinstance(step, Sweep):
                await county.sweep()
            await asyncio.sleep(0)

    await asyncio.gather(work(workers[0]), work(workers[1]), clerk())
    await county.apply(places)
    while await county.sweep():
        pass


async def assert_places_kept(county: County) -> None:
    """The last word of every place, whatever came last."""
    kept = await county.rows("SELECT version, word FROM counties WHERE county = :county")
    organisations = await county.rows("SELECT id, version FROM organisations WHERE county = :county ORDER BY id")
    assert ([tuple(row) for row in kept], dict(map(tuple, organisations))) == (
        [(4, "word-4")],
        dict.fromkeys(BRANCHES, 3),
    )


async def assert_told(county: County, history: History) -> None:
    """The last event of everyone states the recounted totals, and no version is missing."""
    events = defaultdict(list)
    for row in await county.rows(POINTS):
        events[row.subject].append((row.aggregateversion, orjson.loads(row.value)["data"]))
    told = {}
    for person, versions in events.items():
        assert [version for version, _ in versions] == list(range(1, len(versions) + 1))
        for total in versions[-1][1]["totals"]:
            told[person, total["period"]] = (total["base_tenths"], total["aspects"], total["total_tenths"])
        by_day = {data["booked_on"]: data["booked_tenths"] for _, data in versions}
        assert sum(by_day.values()) == sum(total["total_tenths"] for total in versions[-1][1]["totals"])
    assert told == recount(history).totals


@pytest.mark.parametrize("seed", range(8))
async def test_two_workers_and_a_clerk_end_where_a_recount_ends(county: County, seed: int) -> None:
    history = invent(seed, tuple(PersonId(new_id()) for _ in range(3)))
    await play(county, history, Random(seed))  # noqa: S311 — a test's
    await assert_recounted(county, history)
    await assert_told(county, history)
    await assert_places_kept(county)


async def test_batches_that_name_the_same_places_crosswise_do_not_wait_in_a_ring(county: County) -> None:
    for _ in range(10):
        here, there = sorted((new_id(), new_id()))
        first, second = sorted((OrganisationId(new_id()), OrganisationId(new_id())))

        def batch(noted: str, founded: OrganisationId, other: str, named: OrganisationId) -> list[Read[Seen]]:
            home = Belonging(1, (Membership(named, home=True, since=date(2022, 1, 1), until=None),))
            return [
                envelopes.read(topics.COUNTY, envelopes.county_event(noted)),
                envelopes.read(topics.ORGANISATION, envelopes.organisation_event(other, founded)),
                news(other, new_id(), home),
                news(noted, new_id(), home),
            ]

        await asyncio.gather(
            county.apply(batch(here, first, there, second)), county.apply(batch(there, second, here, first))
        )
        await asyncio.gather(
            county.apply(batch(here, first, here, second)), county.apply(batch(here, second, here, first))
        )


@pytest.mark.parametrize("name", ["clamp never bites", "reversal adds again", "old lines left standing"])
async def test_the_property_kills_the_mutant_here_too(
    county: County, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    attribute, mutant = MUTANTS[name]
    monkeypatch.setattr(cells, attribute, mutant)
    history = invent(36, tuple(PersonId(new_id()) for _ in range(3)))
    await play(county, history, Random(36))  # noqa: S311 — a test's
    with pytest.raises(AssertionError):
        await assert_recounted(county, history)
