"""Each failure word does what it says: aside at once, wait and never skip, or three times alone and then aside."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence

import pytest
import structlog
from sqlalchemy import text
from structlog.testing import capture_logs

from bus.consumer import Consumer, Listener, Read, on
from bus.errors import DeadLetterLimitReached, InvalidEvent, RetryLater
from bus.kafka import Outgoing
from contracts import topics
from contracts.envelope import Envelope
from support.bus import (
    COUNTY,
    GROUP,
    Corner,
    Work,
    as_batches,
    bytes_of,
    eventually,
    itself,
    note,
    one_by_one,
    person,
    raw,
    running,
    uuid,
)


def consumer(corner: Corner, listener: Listener[Work], **settings: int) -> Consumer[Work]:
    return Consumer("scoring", listener, corner.sessions, corner.kafka, **settings)


def counts(corner: Corner, *, seen: int, aside: int) -> Callable[[], Awaitable[bool]]:
    async def reached() -> bool:
        return await corner.count("seen") == seen and await corner.count("dead_letters") == aside

    return reached


def fails_for(subjects: set[str], error: Callable[[], Exception]) -> Callable[[Work, Envelope], Awaitable[None]]:
    async def handle(work: Work, envelope: Envelope) -> None:
        await note(work, envelope)
        if envelope.subject in subjects:
            raise error()

    return handle


POISON = {
    "bad JSON": (raw(b'{"id": '), "json_invalid"),
    "not JSON at all": (raw(b"\xff\xfe"), "json_invalid"),
    "no value": (raw(None), "without a value"),
    "no envelope": (raw(b"{}"), "missing"),
    "wrong schema": (raw(bytes_of(person(data={"kind": "tuixiu"}))), "party_member: missing"),
    "unknown version": (raw(bytes_of(person(type="person.registered.v9"))), "does not know this version"),
    "unknown version in the header": (raw(b"never parsed", type_="person.registered.v9"), "does not know this version"),
    "header and body disagree": (raw(bytes_of(person()), type_="person.died.v1"), "another type"),
}


@pytest.mark.parametrize(("poison", "reason"), POISON.values(), ids=POISON.keys())
async def test_poison_goes_to_the_dead_letters_with_its_bytes_and_the_rest_goes_on(
    corner: Corner, poison: Outgoing, reason: str
) -> None:
    good = person()
    await corner.produce(poison, raw(bytes_of(good)))
    async with running(consumer(corner, one_by_one()).run):
        await eventually(counts(corner, seen=1, aside=1))
    (letter,) = await corner.dead_letters()
    told = {name: value.decode() for name, value in letter.headers}
    assert (letter.key, letter.value) == (poison.key, poison.value)
    assert told["dead-letter-topic"] == "registry.person"
    assert told["dead-letter-offset"] == "0"
    assert told["dead-letter-group"] == GROUP
    assert told["dead-letter-handler"] == "support.bus.note"
    assert told["dead-letter-word"] == "InvalidEvent"
    assert reason in told["dead-letter-reason"]


async def test_the_largest_record_that_a_topic_takes_fits_into_the_dead_letters(corner: Corner) -> None:
    await corner.produce(raw(os.urandom(1_048_000)), raw(bytes_of(person())))
    async with running(consumer(corner, one_by_one()).run):
        await eventually(counts(corner, seen=1, aside=1))
    (letter,) = await corner.dead_letters()
    assert len(letter.value or b"") == 1_048_000


async def test_a_reason_never_quotes_what_was_in_the_event(corner: Corner) -> None:
    await corner.produce(raw(bytes_of(person(data={**person()[1].data, "kind": 13912345678}))))
    async with running(consumer(corner, one_by_one()).run):
        await eventually(counts(corner, seen=0, aside=1))
    assert "139" not in await corner.scalar("SELECT reason FROM dead_letters")


async def test_an_event_that_a_handler_calls_invalid_is_set_aside_and_its_effect_undone(corner: Corner) -> None:
    bad, events = uuid(), [person() for _ in range(20)]
    events.insert(7, person(bad))
    await corner.send(*events)
    handle = fails_for({bad}, lambda: InvalidEvent("a person cannot be that"))
    async with running(consumer(corner, one_by_one(handle)).run):
        await eventually(counts(corner, seen=20, aside=1))
    assert await corner.rows("SELECT reason, state FROM dead_letters") == [
        ("InvalidEvent: a person cannot be that", "open")
    ]


async def test_a_crashing_event_is_found_in_its_batch_and_set_aside_with_an_alert(corner: Corner) -> None:
    bad, events = uuid(), [person() for _ in range(100)]
    events.insert(31, person(bad))
    await corner.send(*events)
    with capture_logs() as logs:
        handle = fails_for({bad}, lambda: KeyError("a bug"))
        async with running(consumer(corner, one_by_one(handle)).run):
            await eventually(counts(corner, seen=100, aside=1))
    alone = [line for line in logs if line["event"] == "an event failed alone"]
    assert len(alone) == 3
    assert [line["word"] for line in logs if line.get("alert")] == ["Crashed"]
    assert await corner.count("attempts") == 0


async def test_a_crash_in_a_batch_handler_is_found_too(corner: Corner) -> None:
    bad, events = uuid(), [person() for _ in range(40)]
    events.insert(11, person(bad))
    await corner.send(*events)

    async def handle(work: Work, reads: Sequence[Read[Envelope]]) -> None:
        for read in reads:
            await fails_for({bad}, lambda: KeyError("a bug"))(work, read.value)

    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
        async with running(consumer(corner, as_batches(handle)).run):
            await eventually(counts(corner, seen=40, aside=1))
    (letter,) = await corner.dead_letters()
    assert letter.key == bad.encode()
    alone = [line for line in logs if line["event"] == "an event failed alone"]
    assert [(line["event_id"], line["county"]) for line in alone] == [(events[11][1].id, COUNTY)] * 3


async def test_a_bug_while_reading_is_the_programs_fault_and_sets_only_that_event_aside(corner: Corner) -> None:
    bad, good = uuid(), person()

    def careless(envelope: Envelope) -> Envelope:
        if envelope.subject == bad:
            raise KeyError("a bug")
        return itself(envelope)

    await corner.send(person(bad), good)
    listener = Listener(GROUP, (on(topics.PERSON, careless, note),), Work)
    async with running(consumer(corner, listener).run):
        await eventually(counts(corner, seen=1, aside=1))
    assert "Crashed: failed 3 times alone: KeyError in" in await corner.scalar("SELECT reason FROM dead_letters")


async def test_an_event_that_works_the_second_time_alone_is_applied(corner: Corner) -> None:
    event, tries = person(), 0

    async def handle(work: Work, envelope: Envelope) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise KeyError("not yet")
        await note(work, envelope)

    await corner.send(event)
    async with running(consumer(corner, one_by_one(handle)).run):
        await eventually(counts(corner, seen=1, aside=0))
    assert await corner.count("attempts") == 0


PASSING = (
    RetryLater("the vault is away"),
    ConnectionResetError(),
    TimeoutError(),
    ExceptionGroup("two tasks", [RetryLater("one"), TimeoutError()]),
)


@pytest.mark.parametrize("error", PASSING, ids=repr)
async def test_what_passes_by_itself_is_waited_for_and_never_counted(corner: Corner, error: Exception) -> None:
    subject, tries = uuid(), 0
    events = [person(subject, version) for version in (1, 2, 3)]  # in one partition

    async def handle(work: Work, envelope: Envelope) -> None:
        nonlocal tries
        tries += 1
        if tries <= 3:
            raise error
        await note(work, envelope)

    await corner.send(*events)
    with capture_logs() as logs:
        async with running(consumer(corner, one_by_one(handle)).run):
            await eventually(counts(corner, seen=3, aside=0))
    said = [line["event"] for line in logs]
    assert said.count("something is away, trying again") == 3
    assert "an event failed alone" not in said


async def test_a_passing_fault_while_alone_does_not_count_as_an_attempt(corner: Corner) -> None:
    event, tries = person(), 0

    async def handle(work: Work, envelope: Envelope) -> None:
        nonlocal tries
        tries += 1
        if tries <= 8 and tries % 2:
            raise KeyError("a bug")  # in the batch
        if tries <= 8:
            raise RetryLater("away")  # then alone
        await note(work, envelope)

    await corner.send(event)
    async with running(consumer(corner, one_by_one(handle)).run):
        await eventually(counts(corner, seen=1, aside=0))


async def test_a_dead_lock_is_tried_again(corner: Corner) -> None:
    """Two workers locking crosswise: PostgreSQL ends one of them, and both batches are applied in the end."""
    await corner.execute("CREATE TABLE rows (id int PRIMARY KEY)", "INSERT INTO rows VALUES (1), (2)")
    await corner.execute("GRANT ALL ON rows TO bus_worker")
    other_has, handler_has = asyncio.Event(), asyncio.Event()

    async def handle(work: Work, envelope: Envelope) -> None:
        await work.session.execute(text("SELECT FROM rows WHERE id = 1 FOR UPDATE"))
        handler_has.set()
        await other_has.wait()
        await work.session.execute(text("SELECT FROM rows WHERE id = 2 FOR UPDATE"))
        await note(work, envelope)

    await corner.send(person())
    async with running(consumer(corner, one_by_one(handle)).run):
        async with corner.sessions.begin(None) as session:
            await session.execute(text("SELECT FROM rows WHERE id = 2 FOR UPDATE"))
            await handler_has.wait()
            other_has.set()
            await eventually(_waiting(corner))  # who waited first is the victim
            await session.execute(text("SELECT FROM rows WHERE id = 1 FOR UPDATE"))
        await eventually(counts(corner, seen=1, aside=0))


async def test_a_lost_database_connection_is_waited_out(corner: Corner) -> None:
    tries = 0

    async def handle(work: Work, envelope: Envelope) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            await work.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        await note(work, envelope)

    await corner.send(person())
    async with running(consumer(corner, one_by_one(handle)).run):
        await eventually(counts(corner, seen=1, aside=0))


async def test_what_waits_holds_up_its_own_partition_and_no_other(corner: Corner) -> None:
    """Though all of it was there before the start, and so came in one batch."""
    waiting = uuid()
    await corner.send(person(waiting), *(person() for _ in range(30)))
    log = await corner.log(topics.PERSON.name)
    (held,) = {record.partition for record in log if record.key == waiting.encode()}
    others = sum(record.partition != held for record in log)
    handle = fails_for({waiting}, lambda: RetryLater("away"))
    async with running(consumer(corner, one_by_one(handle)).run):
        await eventually(counts(corner, seen=others, aside=0))
    assert others > 0


async def test_the_limit_stops_the_process_before_everything_is_diverted(corner: Corner) -> None:
    await corner.produce(*(raw(b"poison") for _ in range(3)))
    with pytest.raises(DeadLetterLimitReached, match=r"more than 2 open dead letters.*Nothing was skipped"):
        await asyncio.wait_for(consumer(corner, one_by_one(), dead_letter_limit=2).run(asyncio.Event()), 20)
    assert await corner.dead_letters() == []
    assert await corner.scalar("SELECT sum(next_offset) FROM positions") == 0


async def test_the_limit_counts_what_is_open_from_before(corner: Corner) -> None:
    await corner.produce(raw(b"one"), raw(b"two"))
    async with running(consumer(corner, one_by_one(), dead_letter_limit=2).run):
        await eventually(counts(corner, seen=0, aside=2))
    await corner.produce(raw(b"three"))
    with pytest.raises(DeadLetterLimitReached):
        await asyncio.wait_for(consumer(corner, one_by_one(), dead_letter_limit=2).run(asyncio.Event()), 20)
    await corner.execute("UPDATE dead_letters SET state = 'discarded'")
    async with running(consumer(corner, one_by_one(), dead_letter_limit=2).run):
        await eventually(counts(corner, seen=0, aside=3))


def _waiting(corner: Corner) -> Callable[[], Awaitable[bool]]:
    async def waiting() -> bool:
        here = "wait_event_type = 'Lock' AND datname = current_database()"  # other tests share the server
        return bool(await corner.scalar(f"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE {here})"))  # noqa: S608

    return waiting
