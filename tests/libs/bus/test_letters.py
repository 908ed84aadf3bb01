"""Dead letters are replayed to their own handler with their own bytes, or discarded for good."""

import pytest

from bus.consumer import Consumer
from bus.errors import InvalidEvent
from bus.letters import CannotSettle, Letter, Letters
from contracts import topics
from contracts.envelope import Envelope
from support.bus import Corner, Handle, Work, bytes_of, eventually, note, one_by_one, person, raw, running


async def broken(work: Work, envelope: Envelope) -> None:
    await note(work, envelope)
    raise InvalidEvent("a bug of this release")


def letters(corner: Corner, handle: Handle = note) -> Letters[Work]:
    return Letters(one_by_one(handle), corner.sessions, corner.kafka)


async def set_aside(corner: Corner) -> Letter:
    """Run the broken release until it has set something aside."""

    async def aside() -> bool:
        return len(await letters(corner).list()) > 0

    async with running(Consumer("scoring", one_by_one(broken), corner.sessions, corner.kafka).run):
        await eventually(aside)
    return (await letters(corner).list())[0]


async def test_a_letter_shows_where_it_was_and_what_it_is(corner: Corner) -> None:
    event = person()
    await corner.send(event)
    letter, record = await letters(corner).show((await set_aside(corner)).id)
    (original,) = await corner.log(topics.PERSON.name)
    assert record == original
    assert (letter.topic, letter.offset, letter.event_id) == ("registry.person", 0, event[1].id)
    assert (letter.state, letter.reason) == ("open", "InvalidEvent: a bug of this release")


async def test_replay_applies_the_original_and_sends_nothing_to_its_topic(corner: Corner) -> None:
    event = person()
    await corner.send(event)
    letter = await set_aside(corner)
    assert await letters(corner).replay(letter.id, "wang") is True
    assert await corner.seen() == [event[1].id]
    assert len(await corner.log(topics.PERSON.name)) == 1
    (settled,) = await letters(corner).list(settled=True)
    assert (settled.state, settled.settled_by) == ("replayed", "wang")


async def test_a_letter_is_replayed_once(corner: Corner) -> None:
    await corner.send(person())
    letter = await set_aside(corner)
    await letters(corner).replay(letter.id, "wang")
    with pytest.raises(CannotSettle, match="already replayed by wang"):
        await letters(corner).replay(letter.id, "li")
    assert await corner.count("seen") == 1


async def test_a_replay_that_fails_leaves_the_letter_open_and_no_effect(corner: Corner) -> None:
    await corner.send(person())
    letter = await set_aside(corner)
    with pytest.raises(InvalidEvent, match="a bug of this release"):
        await letters(corner, broken).replay(letter.id, "wang")
    assert [each.id for each in await letters(corner).list()] == [letter.id]
    assert await corner.count("seen") + await corner.count("inbox") == 0


async def test_an_event_that_was_applied_meanwhile_is_not_applied_again(corner: Corner) -> None:
    event = person()
    await corner.send(event)
    letter = await set_aside(corner)
    await corner.produce(raw(bytes_of(event)))  # a republish, with a mended handler
    async with running(Consumer("scoring", one_by_one(), corner.sessions, corner.kafka).run):
        await eventually(lambda: _seen(corner))
    assert await letters(corner).replay(letter.id, "wang") is False
    assert await corner.seen() == [event[1].id]


async def _seen(corner: Corner) -> bool:
    return await corner.count("seen") > 0


async def test_a_discarded_event_is_never_applied_even_if_it_comes_again(corner: Corner) -> None:
    event, other = person(), person()
    await corner.send(event)
    await letters(corner).discard((await set_aside(corner)).id, "wang")
    await corner.produce(raw(bytes_of(event)), raw(bytes_of(other)))
    async with running(Consumer("scoring", one_by_one(), corner.sessions, corner.kafka).run):
        await eventually(lambda: _seen(corner))
    assert await corner.seen() == [other[1].id]


@pytest.mark.parametrize("settle", [False, True], ids=["open", "discarded"])
@pytest.mark.parametrize("unreadable", [False, True], ids=["refused", "unreadable"])
async def test_an_event_that_comes_back_elsewhere_is_set_aside_once(
    corner: Corner, settle: bool, unreadable: bool
) -> None:
    event, last = person(data={"kind": "tuixiu"}) if unreadable else person(), person()
    await corner.produce(raw(bytes_of(event)))
    letter = await set_aside(corner)
    if settle:
        await letters(corner).discard(letter.id, "wang")
    await corner.produce(raw(bytes_of(event)), raw(bytes_of(last)))

    async def refused(work: Work, envelope: Envelope) -> None:
        await (broken if envelope.id == event[1].id else note)(work, envelope)

    async with running(Consumer("scoring", one_by_one(refused), corner.sessions, corner.kafka).run):
        await eventually(lambda: _seen(corner))
    assert [each.id for each in await letters(corner).list(settled=True)] == [letter.id]
    assert len(await corner.dead_letters()) == 1
    assert await corner.count("attempts") == 0


async def test_what_was_never_an_event_can_be_discarded_but_not_replayed(corner: Corner) -> None:
    await corner.produce(raw(b"poison"))
    letter = await set_aside(corner)
    with pytest.raises(InvalidEvent, match="json_invalid"):
        await letters(corner).replay(letter.id, "wang")
    await letters(corner).discard(letter.id, "wang")
    assert await letters(corner).list() == []


async def test_a_letter_that_does_not_exist_is_a_sentence(corner: Corner) -> None:
    with pytest.raises(CannotSettle, match="scoring has no dead letter 123"):
        await letters(corner).show("123")
