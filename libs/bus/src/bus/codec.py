"""Envelope ↔ Kafka record: CloudEvents 1.0 in structured mode, the type repeated in a header for those who skip."""

from pydantic import ValidationError

from bus.errors import InvalidEvent
from bus.kafka import Headers, Outgoing, Record
from contracts.catalogue import TOPICS, Topic, topic_named
from contracts.envelope import Envelope, decode

CONTENT_TYPE = ("content-type", b"application/cloudevents+json; charset=UTF-8")
TYPE = "ce_type"


def outgoing(topic: str, key: str, type_: str, value: bytes) -> Outgoing:
    """Make the record of a journal row."""
    return Outgoing(topic, key.encode(), value, (CONTENT_TYPE, (TYPE, type_.encode())))


def envelope(topic: Topic, record: Record) -> Envelope | None:
    """Read a record; None: a type this release does not know. Raises InvalidEvent for what can never be read."""
    told = header(record.headers, TYPE)
    if told is not None and not _known(topic.name, told):
        return None
    if record.value is None:
        raise InvalidEvent("a record without a value is no event")
    try:
        found = decode(record.value)
    except ValueError as error:
        raise InvalidEvent(f"not an event: {fault(error)}") from error
    if told is not None and told != found.type:
        raise InvalidEvent("the header names another type than the event")
    return found if told is not None or _known(topic.name, found.type) else None


def header(headers: Headers, name: str) -> str | None:
    """Return the first header of this name."""
    for key, value in headers:
        if key == name:
            return value.decode(errors="replace")
    return None


def fault(error: ValueError) -> str:
    """Say what is wrong and where, never with the value: it may be what should not be on any topic."""
    if isinstance(error, ValidationError):
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        return "; ".join(f"{'.'.join(map(str, each['loc'])) or 'it'}: {each['type']}" for each in faults[:8])
    return type(error).__name__


def _known(topic: str, type_: str) -> bool:
    """Say whether the type is one of ours. Raises InvalidEvent for a version of one of ours that we do not have."""
    if type_ in _TYPES[topic]:
        return True
    name, _, _ = type_.rpartition(".v")
    if name in topic_named(topic).events:
        raise InvalidEvent(f"this release does not know this version of {name}")
    return False


_TYPES = {topic.name: frozenset(topic.types) for topic in TOPICS}
