"""What a group listens to, as a table that a newcomer can read aloud: topic, how we read its state, what we do.

    SUBSCRIPTIONS = (
        on(topics.PERSON, events.standing, handlers.cancel_visits_to_the_dead),
        together(handlers.fold, source(topics.PARTICIPATION, events.fact), source(topics.MEMBERSHIP, events.history)),
    )

A subscription takes every event of its topics: handlers act on state before and after, not on the event's type.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bus.errors import CannotSubscribe
from contracts.catalogue import TOPICS, Topic
from contracts.envelope import Envelope

W = TypeVar("W")
V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Read(Generic[V_co]):
    """An event, and what the service's `read` made of it."""

    topic: Topic
    envelope: Envelope
    value: V_co


@dataclass(frozen=True, slots=True)
class Source(Generic[V_co]):
    """A topic and how its events are read; a ValueError while reading makes the event an InvalidEvent."""

    topic: Topic
    read: Callable[[Envelope], V_co]


@dataclass(frozen=True, slots=True)
class Subscription(Generic[W]):
    """Topics and the one thing that is done with their events, in one transaction a batch."""

    handler: str
    sources: tuple[Source[Any], ...]
    apply: Callable[[W, Sequence[Read[Any]]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Listener(Generic[W]):
    """A consumer group as declared. Raises CannotSubscribe if the catalogue forbids it or two read one topic.

    Changing a group's name makes it read everything again.
    """

    group: str
    subscriptions: tuple[Subscription[W], ...]
    make_work: Callable[[AsyncSession], W]
    readers: Mapping[str, tuple[Subscription[W], Source[Any]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "readers", _readers(self.group, self.subscriptions))


def source(topic: Topic, read: Callable[[Envelope], V]) -> Source[V]:
    """Name one of the topics of a `together`."""
    return Source(_known(topic), read)


def on(topic: Topic, read: Callable[[Envelope], V], handle: Callable[[W, V], Awaitable[None]]) -> Subscription[W]:
    """Handle a topic's events one at a time."""

    async def apply(work: W, events: Sequence[Read[V]]) -> None:
        for event in events:
            with structlog.contextvars.bound_contextvars(event_id=event.envelope.id, county=event.envelope.county):
                await handle(work, event.value)

    return Subscription(_name(handle), (source(topic, read),), apply)


def together(handle: Callable[[W, Sequence[Read[V]]], Awaitable[None]], *sources: Source[V]) -> Subscription[W]:
    """Handle a whole batch over several topics at once, in Kafka's order per key, without what was applied before."""
    if not sources:
        raise CannotSubscribe(f"{_name(handle)} names no topic")
    return Subscription(_name(handle), sources, handle)


def _readers(group: str, subscriptions: Iterable[Subscription[W]]) -> Mapping[str, tuple[Subscription[W], Source[Any]]]:
    readers: dict[str, tuple[Subscription[W], Source[Any]]] = {}
    for subscription in subscriptions:
        for each in subscription.sources:
            name = each.topic.name
            if group not in each.topic.consumers:
                raise CannotSubscribe(f"the catalogue does not list {group} as a consumer of {name}")
            if name in readers:
                first = readers[name][0].handler
                raise CannotSubscribe(f"{name} has two handlers in {group}: {first} and {subscription.handler}")
            readers[name] = (subscription, each)
    if not readers:
        raise CannotSubscribe(f"{group} subscribes to nothing")
    return readers


def _known(topic: Topic) -> Topic:
    if topic not in TOPICS:
        raise CannotSubscribe(f"{topic.name} is not in the catalogue")
    return topic


def _name(handle: Callable[..., object]) -> str:
    return f"{handle.__module__}.{handle.__qualname__}"
