"""The stream process on real Kafka and PostgreSQL: killed, restarted, doubted, and refused."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from bus.errors import CannotStart
from bus.kafka import Kafka
from bus.kafka.topics import Wanted, delete, make
from kit.database import connect
from scoring import live
from scoring.tallies.events import CHANGELOG, SOURCE
from services.scoring.counties import County
from services.scoring.streams import PARTITIONS, Streamed, twice_and_mixed
from support.bus import eventually

pytestmark = pytest.mark.timeout(300)

COMPACT = {"cleanup.policy": "compact"}


@pytest_asyncio.fixture
async def streamed(database: Callable[[str], Any], kafka: str, topic_prefix: str) -> AsyncIterator[Streamed]:
    made, broker = database("scoring"), Kafka(kafka, topic_prefix)
    await make(broker, [Wanted(SOURCE, PARTITIONS, {}), Wanted(CHANGELOG, PARTITIONS, COMPACT)], 1)
    api, worker = (
        connect(role.url, role.password, application="test", schema="scoring", pool=5)
        for role in (made.api, made.worker)
    )
    county = County(api, worker)
    await county.hear_of()
    yield Streamed(county, broker, made)
    await api.dispose()
    await worker.dispose()
    await delete(broker, [SOURCE, CHANGELOG])


async def test_killed_in_the_middle_it_comes_back_and_agrees_with_the_ledger(streamed: Streamed) -> None:
    people = await streamed.people(20)
    await streamed.study(people, range(1, 4))
    before = await streamed.published()
    await streamed.study(people[10:], range(4, 8))
    after = await streamed.published()
    with streamed.process() as killed:
        await killed.await_ready()
        await streamed.send(before)
        await streamed.acknowledged(len(before))  # of half of the people nothing is heard again
        await streamed.send(twice_and_mixed(after))
        killed.kill()
    with streamed.process() as again:
        await again.await_ready()
        await streamed.agrees(again, len(people))
        answer = (await streamed.tallies(again)).json()
    (quarter,) = answer["county"]["periods"]
    assert (quarter["people"], quarter["total_tenths"]) == (20, await streamed.ledger_total())
    assert sum(each["periods"][0]["total_tenths"] for each in answer["branches"]) == quarter["total_tenths"]
    assert len(answer["branches"]) == 2
    assert (answer["checked"]["different"], answer["checked"]["late"]) == (0, 0)


async def test_a_doctored_total_is_seen_within_ten_seconds_by_that_county_alone(streamed: Streamed) -> None:
    people = await streamed.people(3)
    await streamed.send(await streamed.published())
    with streamed.process() as process:
        await process.await_ready()
        await streamed.agrees(process, len(people))
        streamed.database.sql(
            "UPDATE scoring.accounts SET totals = jsonb_set(totals, '{0,total}', '9999') "  # noqa: S608 — an id
            f"WHERE person = '{people[0]}'"
        )

        async def seen() -> bool:
            return bool((await streamed.tallies(process)).json()["checked"]["different"] == 1)

        await eventually(seen, within_s=10)
        assert await process.metric("tallies_different_rows") == 1


async def test_a_second_process_says_that_there_is_one_and_ends(streamed: Streamed) -> None:
    with streamed.process() as first:
        await first.await_ready()
        with streamed.process() as second:
            _, said = second.child.communicate(timeout=90)
        assert (second.child.returncode, said.count("\n")) == (2, 1)
        assert "another stream process" in said
        assert await first.ready()
        assert first.terminate() == 0


async def test_without_its_changelog_it_refuses_to_start_in_one_sentence(streamed: Streamed) -> None:
    await delete(streamed.kafka, [CHANGELOG])
    with streamed.process() as process:
        _, said = process.child.communicate(timeout=90)
    assert (process.child.returncode, said.count("\n")) == (2, 1)
    assert CHANGELOG in said


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (Wanted(CHANGELOG, PARTITIONS + 1, COMPACT), "has 4 partitions"),
        (Wanted(CHANGELOG, PARTITIONS, {}), "cleanup.policy=delete"),
    ],
    ids=["other partitions", "not compacted"],
)
async def test_a_changelog_that_is_made_otherwise_is_refused(
    kafka: str, topic_prefix: str, wanted: Wanted, reason: str
) -> None:
    broker = Kafka(kafka, topic_prefix)
    await make(broker, [Wanted(SOURCE, PARTITIONS, {}), wanted], 1)
    with pytest.raises(CannotStart, match=reason):
        await live.ground(broker)
    await delete(broker, [SOURCE, CHANGELOG])
