"""After Kafka lost a service's topics the journal fills them again, and no consumer doubles anything."""

import asyncio

import pytest

from bus.consumer import Consumer
from bus.errors import CannotStart, LogLost
from bus.kafka.topics import Wanted, delete, make
from bus.relay import Relay
from bus.republish import republish
from contracts import topics
from contracts.catalogue import TOPICS
from support.bus import Corner, as_batches, eventually, person, running, uuid

PERSON = topics.PERSON.name
OTHERS = [topic.name for topic in TOPICS if topic.owner == "registry" and topic is not topics.PERSON]


async def fill_in(corner: Corner) -> None:
    """Make registry's other topics, which a republish wants too."""
    await make(corner.kafka, [Wanted(name, 1, {}) for name in OTHERS], 1)


async def lose(corner: Corner) -> None:
    """Delete the topic of people and make it again, empty."""

    async def gone() -> bool:
        return not await corner.kafka.partitions([PERSON])

    await delete(corner.kafka, [PERSON])
    await eventually(gone)
    await corner.create_topics(PERSON)


async def again(corner: Corner) -> int:
    return await republish(corner.sessions.engine, "registry", corner.kafka, lambda _: None)


async def consume(corner: Corner, count: int) -> None:
    async def reached() -> bool:
        return (
            await corner.count("seen") >= count
            and await corner.scalar("SELECT sum(next_offset) FROM positions") >= count
        )

    async with running(Consumer("scoring", as_batches(), corner.sessions, corner.kafka).run):
        await eventually(reached)


async def test_the_journal_comes_again_in_order_with_the_same_bytes_and_doubles_nothing(corner: Corner) -> None:
    await fill_in(corner)
    people = [uuid() for _ in range(5)]
    await corner.send(*(person(subject, version) for version in range(1, 4) for subject in people))
    before = [(record.key, record.value, record.headers) for record in await corner.log(PERSON)]
    await consume(corner, 15)
    await lose(corner)
    assert await again(corner) == 15
    assert [(record.key, record.value, record.headers) for record in await corner.log(PERSON)] == before
    await corner.send(person())
    await consume(corner, 16)
    assert await corner.count("seen") == 16
    await delete(corner.kafka, OTHERS)


async def test_the_relay_goes_on_after_a_republish(corner: Corner) -> None:
    await fill_in(corner)
    await corner.send(*(person() for _ in range(5)))
    await lose(corner)
    await corner.publish(person())  # not sent yet: it is in the journal, so it is sent with it
    with pytest.raises(LogLost):
        await Relay(corner.sessions.engine, "registry", corner.kafka).run(asyncio.Event())
    assert await again(corner) == 6
    assert await corner.nothing_pending()
    await corner.send(person())
    assert len(await corner.log(PERSON)) == 7
    await delete(corner.kafka, OTHERS)


async def test_blanked_rows_are_not_sent_again(corner: Corner) -> None:
    await fill_in(corner)
    await corner.send(person(), person())
    await lose(corner)
    await corner.execute("UPDATE journal SET value = NULL WHERE id = 1")
    assert await again(corner) == 1
    await delete(corner.kafka, OTHERS)


async def test_topics_that_are_not_empty_are_refused(corner: Corner) -> None:
    await fill_in(corner)
    await corner.send(person())
    with pytest.raises(CannotStart, match=r"registry\.person must be empty"):
        await again(corner)
    assert len(await corner.log(PERSON)) == 1
    await delete(corner.kafka, OTHERS)


async def test_missing_topics_are_refused(corner: Corner) -> None:
    with pytest.raises(CannotStart, match=r"no topic registry\.activity.*python -m bus topics"):
        await again(corner)


async def test_a_running_relay_is_refused(corner: Corner) -> None:
    relay = Relay(corner.sessions.engine, "registry", corner.kafka)

    async def held() -> bool:
        return relay.held

    async with running(relay.run):
        await eventually(held)
        with pytest.raises(CannotStart, match="stop all registry workers first"):
            await again(corner)
