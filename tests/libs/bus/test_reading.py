"""Reading from the beginning to the ends seen at the start, outside any group."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bus import reading
from bus.consumer import Consumer
from bus.errors import CannotStart
from bus.kafka import Reader
from bus.reading import Chunk
from bus.subscriptions import source
from contracts import topics
from contracts.envelope import Envelope
from support.bus import GROUP, Corner, Work, eventually, itself, note, one_by_one, person, raw, running, uuid

NAME = topics.PERSON.name
SOURCES = [source(topics.PERSON, itself)]


@pytest_asyncio.fixture
async def reader(corner: Corner) -> AsyncIterator[Reader]:
    async with corner.kafka.reader(reading.FETCH_BYTES) as opened:
        yield opened


async def read(corner: Corner, reader: Reader, holding: str = "") -> list[Chunk[Envelope]]:
    logs = await reading.logs(corner.kafka, reader, [NAME])
    return [chunk async for chunk in reading.through(reader, SOURCES, logs, holding=holding)]


def ids(chunks: list[Chunk[Envelope]]) -> set[str]:
    return {each.value.id for chunk in chunks for each in chunk.reads}


async def test_everything_is_read_from_the_beginning(corner: Corner, reader: Reader) -> None:
    events = [person() for _ in range(40)]
    await corner.send(*events)
    chunks = await read(corner, reader)
    assert ids(chunks) == {event.id for _, event in events}
    assert sum(chunk.records for chunk in chunks) == 40


async def test_an_empty_topic_ends_at_once(corner: Corner, reader: Reader) -> None:
    assert await read(corner, reader) == []


async def test_a_subject_keeps_its_order(corner: Corner, reader: Reader) -> None:
    subject = uuid()
    await corner.send(*(person(subject, version) for version in range(1, 21)))
    chunks = await read(corner, reader)
    assert [each.value.aggregateversion for chunk in chunks for each in chunk.reads] == list(range(1, 21))


async def test_what_comes_after_the_ends_were_seen_is_not_read(corner: Corner, reader: Reader) -> None:
    first = person()
    await corner.send(first)
    logs = await reading.logs(corner.kafka, reader, [NAME])
    await corner.send(*(person() for _ in range(10)))
    assert ids([chunk async for chunk in reading.through(reader, SOURCES, logs)]) == {first[1].id}


async def test_one_reader_reads_twice(corner: Corner, reader: Reader) -> None:
    await corner.send(*(person() for _ in range(10)))
    assert ids(await read(corner, reader)) == ids(await read(corner, reader))


async def test_only_events_that_hold_what_is_sought_are_read(corner: Corner, reader: Reader) -> None:
    mine, other = person(county=uuid()), person(county=uuid())
    await corner.send(mine, other)
    chunks = await read(corner, reader, holding=mine[1].county)
    assert ids(chunks) == {mine[1].id}
    assert sum(chunk.records for chunk in chunks) == 2


async def test_the_last_of_each_key_is_all_that_is_read(corner: Corner, reader: Reader) -> None:
    first, second = uuid(), uuid()
    events = [person(first), person(first, 2), person(second), person(first, 3)]
    await corner.send(*events)
    logs = await reading.logs(corner.kafka, reader, [NAME])
    found = [each.value.id async for each in reading.last(reader, SOURCES[0], logs)]
    assert set(found) == {events[2][1].id, events[3][1].id}


async def test_what_cannot_be_read_is_counted_and_passed_over(corner: Corner, reader: Reader) -> None:
    await corner.produce(raw(b"poison"), raw(None))
    event = person()
    await corner.send(event)
    chunks = await read(corner, reader)
    assert ids(chunks) == {event[1].id}
    assert sum(chunk.unreadable for chunk in chunks) == 2


async def test_a_missing_topic_is_named(corner: Corner, reader: Reader) -> None:
    with pytest.raises(CannotStart, match=r"registry\.course"):
        await reading.logs(corner.kafka, reader, ["registry.course"])


async def test_logs_are_cut_off_where_the_group_is(corner: Corner, reader: Reader) -> None:
    events = [person() for _ in range(5)]
    await corner.send(*events)

    async def all_seen() -> bool:
        return len(await corner.seen()) == 5

    async with running(Consumer("scoring", one_by_one(), corner.sessions, corner.kafka).run):
        await eventually(all_seen)
    await corner.send(person(), person())
    logs = await reading.logs(corner.kafka, reader, [NAME])
    async with corner.sessions.begin(None) as session:
        done = await reading.applied(session, GROUP, logs)
    assert ids([chunk async for chunk in reading.through(reader, SOURCES, done)]) == {event.id for _, event in events}
    assert sum(log.end - done[each].end for each, log in logs.items()) == 2


async def test_a_group_that_has_read_nothing_has_applied_nothing(corner: Corner, reader: Reader) -> None:
    await corner.send(person())
    logs = await reading.logs(corner.kafka, reader, [NAME])
    async with corner.sessions.begin(None) as session:
        done = await reading.applied(session, GROUP, logs)
    assert all(log.begin == log.end for log in done.values())


async def _crash(work: Work, envelope: Envelope) -> None:
    await note(work, envelope)
    raise KeyError


async def test_what_was_set_aside_can_be_passed_over(corner: Corner, reader: Reader) -> None:
    await corner.send(person())

    async def aside() -> bool:
        return await corner.count("dead_letters") > 0

    async with running(Consumer("scoring", one_by_one(_crash), corner.sessions, corner.kafka).run):
        await eventually(aside)
    async with corner.sessions.begin(None) as session:
        places = await reading.set_aside(session, GROUP)
    assert len(places) == 1
    logs = await reading.logs(corner.kafka, reader, [NAME])
    assert ids([chunk async for chunk in reading.through(reader, SOURCES, logs, without=places)]) == set()
    await corner.execute("UPDATE dead_letters SET state = 'replayed'")
    async with corner.sessions.begin(None) as session:
        assert await reading.set_aside(session, GROUP) == set()
