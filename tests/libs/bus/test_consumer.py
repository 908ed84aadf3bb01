"""Every event's effect exactly once, in order per subject, whoever comes, goes or comes back."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from bus.consumer import Consumer, Listener, Read, on, source, together
from bus.errors import CannotStart, HoldLost
from bus.kafka import Kafka
from bus.kafka.topics import delete
from contracts import topics
from contracts.envelope import Envelope
from support.bus import (
    GROUP,
    Corner,
    Work,
    as_batches,
    bytes_of,
    eventually,
    itself,
    note,
    note_all,
    one_by_one,
    person,
    raw,
    running,
    uuid,
)

PERSON = topics.PERSON.name


def consumer(corner: Corner, listener: Listener[Work], **settings: int) -> Consumer[Work]:
    return Consumer("scoring", listener, corner.sessions, corner.kafka, **settings)


async def consume(corner: Corner, listener: Listener[Work], until: int) -> None:
    """Run a consumer until so many events were seen."""
    async with running(consumer(corner, listener).run):
        await eventually(lambda: _seen(corner, until))


async def _seen(corner: Corner, count: int) -> bool:
    return await corner.count("seen") >= count


async def _read(corner: Corner, count: int) -> bool:
    return bool(await corner.scalar("SELECT sum(next_offset) FROM positions") == count)


@pytest.mark.parametrize("listener", [one_by_one(), as_batches()], ids=["on", "together"])
async def test_each_event_is_applied_once_and_in_order_per_subject(corner: Corner, listener: Listener[Work]) -> None:
    people = [uuid() for _ in range(8)]
    await corner.send(*(person(subject, version) for version in range(1, 11) for subject in people))
    await consume(corner, listener, 80)
    seen = await corner.rows("SELECT subject, array_agg(version ORDER BY place) FROM seen GROUP BY subject")
    assert dict(seen) == {subject: list(range(1, 11)) for subject in people}


async def test_a_batch_handler_gets_several_topics(corner: Corner) -> None:
    await corner.create_topics(topics.MEMBERSHIP.name)

    async def handle(work: Work, reads: Sequence[Read[Envelope]]) -> None:
        await note_all(work, [read.value for read in reads])

    both = together(handle, source(topics.PERSON, itself), source(topics.MEMBERSHIP, lambda envelope: envelope))
    data: dict[str, object] = {"memberships": []}
    people = [person() for _ in range(5)]
    moves = [(topics.MEMBERSHIP, person(type="membership.joined.v1", data=data)[1]) for _ in range(5)]
    await corner.send(*people, *moves)
    await consume(corner, Listener(GROUP, (both,), Work), 10)
    assert sorted(await corner.seen()) == sorted(event.id for _, event in (*people, *moves))
    await delete(corner.kafka, [topics.MEMBERSHIP.name, topics.MEMBERSHIP.dead_letters(GROUP).name])


async def test_duplicates_on_the_topic_are_absorbed(corner: Corner) -> None:
    first, last = person(), person()
    await corner.produce(*[raw(bytes_of(first))] * 5, raw(bytes_of(last)), *[raw(bytes_of(first))] * 5)
    async with running(consumer(corner, as_batches(), most_records=3).run):
        await eventually(lambda: _read(corner, 11))
    assert await corner.seen() == [first[1].id, last[1].id]
    assert await corner.count("dead_letters") == 0


async def test_a_correction_that_overtakes_its_original_is_handed_over_as_it_came(corner: Corner) -> None:
    """The handler keeps the higher version; the bus neither sorts nor drops."""
    subject = uuid()
    late, early = person(subject, 1), person(subject, 2)
    await corner.produce(raw(bytes_of(early), subject), raw(bytes_of(late), subject))
    await consume(corner, one_by_one(), 2)
    assert await corner.seen() == [early[1].id, late[1].id]


async def test_the_next_worker_goes_on_where_the_last_one_stopped(corner: Corner) -> None:
    await corner.send(*(person() for _ in range(10)))
    await consume(corner, as_batches(), 10)
    await corner.execute("DELETE FROM inbox")  # only the position keeps them from coming again
    await corner.send(person())
    await consume(corner, as_batches(), 11)
    assert await corner.count("seen") == 11


async def test_two_workers_share_the_partitions_and_double_nothing(corner: Corner) -> None:
    subjects = [uuid() for _ in range(30)]
    first, second = consumer(corner, one_by_one(), most_records=20), consumer(corner, one_by_one(), most_records=20)
    async with running(first.run):
        await corner.send(*(person(subject, 1) for subject in subjects))
        async with running(second.run):
            for version in range(2, 12):
                await corner.send(*(person(subject, version) for subject in subjects))
            await eventually(lambda: _both_have_some(first, second))
            await eventually(lambda: _seen(corner, 330))
    seen = await corner.rows("SELECT subject, array_agg(version ORDER BY place) FROM seen GROUP BY subject")
    assert dict(seen) == {subject: list(range(1, 12)) for subject in subjects}


async def test_a_worker_has_the_same_numbers_of_every_topic(corner: Corner) -> None:
    """So that all of one person's events, on whichever topic, meet in one worker."""
    await corner.create_topics(topics.MEMBERSHIP.name)
    listener = Listener(GROUP, (on(topics.PERSON, itself, note), on(topics.MEMBERSHIP, itself, note)), Work)
    first, second = consumer(corner, listener), consumer(corner, listener)
    async with running(first.run), running(second.run):
        await eventually(lambda: _both_have_some(first, second))
    for worker in (first, second):
        numbers = {
            topic: {each.number for each in worker.assigned if each.topic == topic} for topic in listener.readers
        }
        assert numbers[PERSON] == numbers[topics.MEMBERSHIP.name]
    await delete(corner.kafka, [topics.MEMBERSHIP.name, topics.MEMBERSHIP.dead_letters(GROUP).name])


async def _both_have_some(first: Consumer[Work], second: Consumer[Work]) -> bool:
    return bool(first.assigned and second.assigned)


async def test_a_batch_is_dropped_when_another_worker_moved_the_position(corner: Corner) -> None:
    """As after a rebalance that a slow worker did not notice: its batch must leave no trace."""
    subject = uuid()
    await corner.send(*(person(subject, version) for version in range(1, 4)))
    async with running(consumer(corner, one_by_one()).run):
        await eventually(lambda: _seen(corner, 3))
        # another worker took the fourth
        await corner.execute("UPDATE positions SET next_offset = 4, last_timestamp = NULL WHERE next_offset = 3")
        await corner.send(person(subject, 4), person(subject, 5))
        await eventually(lambda: _seen(corner, 4))
    assert [row[0] for row in await corner.rows("SELECT version FROM seen ORDER BY place")] == [1, 2, 3, 5]


async def test_a_log_filled_with_other_records_is_read_from_its_beginning(corner: Corner) -> None:
    subject = uuid()
    await corner.send(*(person(subject, version) for version in range(1, 6)))
    await consume(corner, one_by_one(), 5)
    await corner.execute("UPDATE positions SET last_hash = '\\x00' WHERE last_hash IS NOT NULL")
    await corner.execute(
        "DELETE FROM inbox WHERE event_id = (SELECT CAST(event_id AS uuid) FROM seen WHERE version = 2)"
    )
    await consume(corner, one_by_one(), 6)
    assert [row[0] for row in await corner.rows("SELECT version FROM seen ORDER BY place")] == [1, 2, 3, 4, 5, 2]


async def test_a_log_that_ends_before_the_position_is_read_from_its_beginning(corner: Corner) -> None:
    events = [person() for _ in range(6)]
    await corner.send(*events)
    await consume(corner, as_batches(), 6)
    await corner.execute("UPDATE positions SET next_offset = next_offset + 100 WHERE last_hash IS NOT NULL")
    await corner.execute("DELETE FROM inbox")
    await consume(corner, as_batches(), 12)
    assert sorted(await corner.seen()) == sorted([event.id for _, event in events] * 2)


async def test_deleting_inbox_and_positions_rebuilds_a_projection(corner: Corner) -> None:
    await corner.send(*(person() for _ in range(6)))
    async with running(consumer(corner, as_batches()).run):
        await eventually(lambda: _seen(corner, 6))
        await corner.execute("DELETE FROM seen", "DELETE FROM inbox", "DELETE FROM positions")
        await corner.send(*(person() for _ in range(60)))  # some for each partition
        await eventually(lambda: _seen(corner, 66))
    assert await corner.count("seen") == 66


async def test_types_of_a_later_release_are_skipped_without_being_parsed(corner: Corner) -> None:
    event = person()
    await corner.produce(raw(b"not even JSON", type_="person.cloned.v1"), raw(bytes_of(event), type_=event[1].type))
    await consume(corner, one_by_one(), 1)
    assert await corner.seen() == [event[1].id]
    assert await corner.dead_letters() == []


async def test_types_of_a_later_release_are_skipped_without_the_header_too(corner: Corner) -> None:
    event = person()
    await corner.produce(raw(bytes_of(person(type="person.cloned.v1"))), raw(bytes_of(event)))
    await consume(corner, one_by_one(), 1)
    assert await corner.seen() == [event[1].id]


async def test_the_groups_offsets_follow_the_database(corner: Corner) -> None:
    await corner.send(*(person() for _ in range(10)))
    async with corner.kafka.admin() as admin, running(consumer(corner, as_batches()).run):

        async def told() -> bool:
            committed = await admin.list_consumer_group_offsets(corner.kafka.names.outer(GROUP))
            return bool(sum(max(each.offset, 0) for each in committed.values()) == 10)

        await eventually(told)


async def test_a_missing_topic_stops_the_start_and_names_the_command(corner: Corner) -> None:
    listener = Listener(GROUP, (on(topics.ORGANISATION, itself, note),), Work)
    with pytest.raises(CannotStart, match="python -m bus topics"):
        await consumer(corner, listener).run(asyncio.Event())


async def test_without_kafka_the_start_fails_with_its_address(store: Corner) -> None:
    with pytest.raises(CannotStart, match=r"Kafka does not answer at 127\.0\.0\.1:1"):
        await Consumer("scoring", one_by_one(), store.sessions, Kafka("127.0.0.1:1")).run(asyncio.Event())


async def test_a_worker_whose_number_is_lost_ends(corner: Corner) -> None:
    worker = consumer(corner, one_by_one())
    task = asyncio.create_task(worker.run(asyncio.Event()))
    await eventually(_ready(worker))
    await corner.end_holders()
    with pytest.raises(HoldLost):
        await asyncio.wait_for(task, 20)


def _ready(worker: Consumer[Work]) -> Callable[[], Awaitable[bool]]:
    async def ready() -> bool:
        return bool(worker.assigned)

    return ready
