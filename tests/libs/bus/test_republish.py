"""After Kafka lost a service's topics the journal fills them again, and no consumer doubles anything."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from bus.consumer import Consumer
from bus.errors import CannotStart, LogLost
from bus.kafka.topics import Wanted, delete, make
from bus.outbox import Outbox
from bus.relay import Relay
from bus.republish import republish
from contracts import topics
from contracts.catalogue import TOPICS
from contracts.envelope import decode
from kit.database import Sessions, connect
from support.bus import COUNTY, TABLES, Corner, as_batches, eventually, person, running, uuid

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


async def again(corner: Corner, tell: Callable[[int], None] = lambda _: None) -> int:
    return await republish(corner.sessions.engine, "registry", corner.kafka, tell)


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


async def test_what_a_broken_off_republish_did_not_send_is_sent_by_the_next_relay(
    corner: Corner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bus.relay.BATCH", 4)
    await fill_in(corner)
    people = [uuid() for _ in range(5)]
    await corner.send(*(person(subject, version) for version in (1, 2) for subject in people))
    before = [(record.key, record.value) for record in await corner.log(PERSON)]
    await lose(corner)

    def die(sent: int) -> None:
        raise KeyboardInterrupt(sent)

    with pytest.raises(KeyboardInterrupt, match="4"):
        await again(corner, die)
    assert len(await corner.log(PERSON)) == 4
    await corner.relay()
    assert [(record.key, record.value) for record in await corner.log(PERSON)] == before
    await delete(corner.kafka, OTHERS)


async def test_who_writes_meanwhile_finds_the_order_of_a_subject_kept(
    corner: Corner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first version has a low id and is committed late, between two pages; the second follows at once."""
    monkeypatch.setattr("bus.relay.BATCH", 2)
    await fill_in(corner)
    subject = uuid()
    with _elsewhere() as do:
        api = Sessions(connect(corner.worker_url, corner.password, application="writer", schema="bus"))
        late = api.begin(COUNTY)
        session = do(late.__aenter__())
        do(Outbox(session, TABLES, "registry").add(person(subject, 1)))
        await corner.publish(*(person() for _ in range(5)))

        async def write() -> None:
            await late.__aexit__(None, None, None)
            async with api.begin(COUNTY) as following:
                await Outbox(following, TABLES, "registry").add(person(subject, 2))
            await api.engine.dispose()

        def after_the_first_page(sent: int) -> None:
            if sent == 2:
                do(write())

        await again(corner, after_the_first_page)
    await corner.relay()
    events = [decode(record.value or b"") for record in await corner.log(PERSON)]
    assert [event.aggregateversion for event in events if event.subject == subject] == [1, 2]
    assert len(events) == 7
    await delete(corner.kafka, OTHERS)


@contextmanager
def _elsewhere() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """Run coroutines to their end in a loop of their own, while this one stands still."""
    loop = asyncio.new_event_loop()
    with ThreadPoolExecutor(1) as thread:
        yield lambda work: thread.submit(loop.run_until_complete, work).result(20)
    loop.close()


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
