"""The fold on real PostgreSQL: two workers and a clerk at once, and still what a recount finds."""

import asyncio
from datetime import date
from random import Random

import pytest
from sqlalchemy.exc import DBAPIError

from bus.subscriptions import Read
from contracts import topics
from scoring.consumers import Seen
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.standing import Belonging, Membership
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id, news
from services.scoring.histories import History, invent
from services.scoring.ledger.plays import Play
from services.scoring.lives import BRANCHES
from services.scoring.mutants import MUTANTS
from services.scoring.recounts import assert_recounted


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


async def assert_places_kept(county: County) -> None:
    """The last word of every place, whatever came last."""
    kept = await county.rows("SELECT version, word FROM counties WHERE county = :county")
    organisations = await county.rows("SELECT id, version FROM organisations WHERE county = :county ORDER BY id")
    assert ([tuple(row) for row in kept], dict(map(tuple, organisations))) == (
        [(4, "word-4")],
        dict.fromkeys(BRANCHES, 3),
    )


def invented(seed: int) -> History:
    return invent(seed, tuple(PersonId(new_id()) for _ in range(4)))


@pytest.mark.parametrize("seed", range(8))
async def test_two_workers_and_a_clerk_end_where_a_recount_ends(county: County, seed: int) -> None:
    random = Random(seed)  # noqa: S311 — a test's
    play = Play(county, invented(seed), of_places(county, random))
    await play.play(random)
    await assert_recounted(county, play.log, play.history.sheets)
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


@pytest.mark.parametrize(
    "name",
    [
        "clamp never bites", "reversal adds again", "old lines left standing", "true and published swapped",
        "news after a merge stay where they came",
    ],
)  # fmt: skip
async def test_the_property_kills_the_mutant_here_too(
    county: County, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, attribute, mutant = MUTANTS[name]
    monkeypatch.setattr(where, attribute, mutant)
    with pytest.raises((AssertionError, DBAPIError)):
        await seeds(county, range(60))


async def seeds(county: County, numbers: range) -> None:
    for seed in numbers:
        one = County(county.api, county.worker)
        await one.hear_of()
        play = Play(one, invented(seed))
        await play.play(Random(seed))  # noqa: S311 — a test's
        await assert_recounted(one, play.log, play.history.sheets)
