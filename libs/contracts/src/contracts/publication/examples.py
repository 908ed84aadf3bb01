"""Golden examples: events of each type that every later release must read."""

import json
from collections.abc import Iterator
from pathlib import Path

from contracts.catalogue import TOPICS, Topic
from contracts.envelope import decode, encode, read
from contracts.publication.places import Places

FEWEST = 2


def faults(places: Places) -> Iterator[str]:
    """Say, a sentence each, what is wrong with the golden examples."""
    for topic in TOPICS:
        for type_ in topic.types:
            found = places.examples_of(type_)
            if len(found) < FEWEST or found[0].stem != "typical":
                yield f"{type_} needs {FEWEST} golden examples or more, one of them typical.json"
            for path in found:
                yield from _fault(topic, type_, path)


def _fault(topic: Topic, type_: str, path: Path) -> Iterator[str]:
    try:
        envelope = decode(path.read_bytes())
        topic.key_of(envelope)
        read(topic.shape(type_), envelope)
    except ValueError as error:
        yield f"the golden example {type_}/{path.name} can no longer be read: {error}"
        return
    if envelope.type != type_:
        yield f"the golden example {type_}/{path.name} is of type {envelope.type}"
    if json.loads(encode(envelope)) != json.loads(path.read_bytes()):
        yield f"the golden example {type_}/{path.name} is not what we would write"
