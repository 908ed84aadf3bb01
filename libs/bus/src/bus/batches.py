"""Records become events before any transaction begins: what can be read, what cannot, and what is none of ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from bus import codec
from bus.errors import InvalidEvent
from bus.kafka import Partition, Record
from bus.positions import Span
from bus.subscriptions import Read, Source, Subscription
from contracts.catalogue import Topic
from contracts.envelope import Envelope

W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Event(Generic[W]):
    """An event that was read, and whose it is."""

    record: Record
    subscription: Subscription[W]
    read: Read[Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that will be set aside: why, in which failure word, and the event's id if it has one."""

    record: Record
    handler: str
    word: str
    reason: str
    event_id: str | None = None


@dataclass(slots=True)
class Batch(Generic[W]):
    """What one transaction applies."""

    spans: dict[Partition, Span] = field(default_factory=dict)
    events: list[Event[W]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: int = 0

    def ids(self) -> list[str]:
        """Return the ids of all that have one."""
        read = [event.read.envelope.id for event in self.events]
        return read + [fault.event_id for fault in self.faults if fault.event_id]


class Decoder(Generic[W]):
    """Reads records as the group's subscriptions say."""

    def __init__(self, readers: Mapping[str, tuple[Subscription[W], Source[Any]]]) -> None:
        self._readers = readers

    def batch(self, records: Iterable[Record], spans: Mapping[Partition, Span]) -> Batch[W]:
        """Read them all, in order. An error of `read` other than a ValueError leaves: it is the program's."""
        batch: Batch[W] = Batch(spans=dict(spans))
        for record in records:
            self._add(batch, record)
        return batch

    def envelope(self, record: Record) -> Envelope | None:
        """Read what stands around the data; None: not ours. Raises InvalidEvent."""
        return codec.envelope(self._readers[record.topic][1].topic, record)

    def handler(self, record: Record) -> str:
        return self._readers[record.topic][0].handler

    def _add(self, batch: Batch[W], record: Record) -> None:
        subscription, source = self._readers[record.topic]
        envelope = None
        try:
            envelope = self.envelope(record)
            if envelope is None:
                batch.skipped += 1
                return
            _require_its_place(source.topic, envelope)
            batch.events.append(Event(record, subscription, Read(source.topic, envelope, source.read(envelope))))
        except InvalidEvent as error:
            batch.faults.append(_fault(record, subscription, str(error), envelope))
        except ValueError as error:
            batch.faults.append(_fault(record, subscription, f"cannot be read: {codec.fault(error)}", envelope))


def _require_its_place(topic: Topic, envelope: Envelope) -> None:
    """Raises InvalidEvent for an event of another owner, or whose subject is not what the topic's subjects are."""
    try:
        topic.key_of(envelope)
    except ValueError as error:
        raise InvalidEvent(f"it does not belong on {topic.name}") from error


def _fault(record: Record, subscription: Subscription[Any], reason: str, envelope: Envelope | None) -> Fault:
    return Fault(record, subscription.handler, InvalidEvent.__name__, reason, envelope.id if envelope else None)
