"""The services' test helpers go through the same inbox and handlers as a worker."""

import pytest

from bus.errors import InvalidEvent
from bus.testing import Deliveries, drain
from support.bus import Corner, as_batches, one_by_one, person


async def test_drained_events_are_what_was_published_in_order(store: Corner) -> None:
    events = [person() for _ in range(5)]
    await store.publish(*events)
    assert await drain(store.sessions) == events
    assert await drain(store.sessions) == []


async def test_a_delivered_event_is_applied_and_its_duplicate_absorbed(store: Corner) -> None:
    deliveries, event = Deliveries(one_by_one(), store.sessions), person()
    assert await deliveries.deliver(event, event) == 1
    assert await deliveries.deliver(event) == 0
    assert await store.seen() == [event[1].id]


async def test_delivering_twice_shows_a_handler_that_relies_on_the_inbox(store: Corner) -> None:
    """The tests' own handler does: it notes the event once more."""
    event = person()
    await Deliveries(as_batches(), store.sessions).deliver_twice(event)
    assert await store.seen() == [event[1].id] * 2


async def test_an_event_that_cannot_be_read_is_refused(store: Corner) -> None:
    with pytest.raises(InvalidEvent, match="party_member: missing"):
        await Deliveries(one_by_one(), store.sessions).deliver(person(data={"kind": "tuixiu"}))
