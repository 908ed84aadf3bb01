"""The catalogue: all topics, what is reserved, where dead letters go."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from contracts import topics
from contracts.topic import DeadLetters, Topic

__all__ = ["RESERVED", "SCORABLE", "TOPICS", "DeadLetters", "Topic", "all_dead_letters", "topic_named"]

TOPICS: Final[tuple[Topic, ...]] = (
    topics.COUNTY,
    topics.PERSON,
    topics.ORGANISATION,
    topics.MEMBERSHIP,
    topics.ACTIVITY,
    topics.PARTICIPATION,
    topics.RULEBOOK,
    topics.PERIOD,
    topics.POINTS,
)

RESERVED: Final[Mapping[str, Topic]] = MappingProxyType({"person.merged": topics.PERSON})
"""Types whose name is kept for later and which nobody can publish yet. `person.merged` will carry {from, into}."""

SCORABLE: Final[frozenset[str]] = frozenset().union(*(topic.scorable for topic in TOPICS))
"""The types that a rule book's items may name."""


def topic_named(name: str) -> Topic:
    """Return the topic of this name. Raises KeyError if the catalogue has none."""
    return {topic.name: topic for topic in TOPICS}[name]


def all_dead_letters() -> Iterator[DeadLetters]:
    """Every dead-letter topic that must exist: one for each consumer of each topic."""
    return (topic.dead_letters(group) for topic in TOPICS for group in topic.consumers)
