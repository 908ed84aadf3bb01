"""How far a group is behind, and when its sources last spoke."""

import datetime

import pytest

from bus.consumer import Consumer
from bus.errors import KafkaAway
from bus.kafka import Kafka
from bus.lag import Lag, lag
from contracts import topics
from support.bus import GROUP, Corner, eventually, one_by_one, person, running

NAME = topics.PERSON.name


async def look(corner: Corner) -> Lag:
    (found,) = await lag(corner.kafka, GROUP, [NAME])
    return found


async def test_a_topic_on_which_nobody_spoke_has_no_lag(corner: Corner) -> None:
    assert await look(corner) == Lag(NAME, 0, None)


async def test_without_a_worker_everything_is_still_to_be_applied(corner: Corner) -> None:
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=1)
    await corner.send(*(person() for _ in range(5)))
    found = await look(corner)
    assert found.behind == 5
    assert found.last_spoke is not None
    assert before < found.last_spoke <= datetime.datetime.now(datetime.UTC)


async def test_what_a_worker_applied_is_no_lag_and_what_came_after_it_is(corner: Corner) -> None:
    await corner.send(*(person() for _ in range(5)))

    async def caught_up() -> bool:
        return (await look(corner)).behind == 0

    async with running(Consumer("scoring", one_by_one(), corner.sessions, corner.kafka).run):
        await eventually(caught_up)
    await corner.send(person(), person())
    assert (await look(corner)).behind == 2


async def test_topics_come_in_the_order_asked_for(corner: Corner) -> None:
    await corner.create_topics(topics.COUNTY.name)
    found = await lag(corner.kafka, GROUP, [topics.COUNTY.name, NAME])
    assert [each.topic for each in found] == [topics.COUNTY.name, NAME]


async def test_a_topic_that_is_missing_is_named(corner: Corner) -> None:
    with pytest.raises(KafkaAway, match=r"registry\.course"):
        await lag(corner.kafka, GROUP, ["registry.course"])


async def test_a_kafka_that_does_not_answer_is_a_sentence(kafka: str) -> None:  # noqa: ARG001 — for the network
    with pytest.raises(KafkaAway, match=r"does not answer at 127\.0\.0\.1:1"):
        await lag(Kafka("127.0.0.1:1"), GROUP, [NAME], patience_s=2)
