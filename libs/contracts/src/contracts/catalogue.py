"""The catalogue: all topics, what rules may do with their events, where dead letters go."""

from collections.abc import Iterator
from typing import Final

from contracts import topics
from contracts.topic import Changelog, DeadLetters, Topic

__all__ = [
    "INTERNAL",
    "PROPOSING",
    "SCORABLE",
    "TOPICS",
    "Changelog",
    "DeadLetters",
    "Topic",
    "all_dead_letters",
    "topic_named",
]

TOPICS: Final[tuple[Topic, ...]] = (
    topics.COUNTY,
    topics.PERSON,
    topics.ORGANISATION,
    topics.MEMBERSHIP,
    topics.ACTIVITY,
    topics.PARTICIPATION,
    topics.RULEBOOK,
    topics.APPRAISAL,
    topics.PERIOD,
    topics.YEAR,
    topics.NOTICE,
    topics.POINTS,
)

INTERNAL: Final[tuple[Changelog, ...]] = (topics.TALLIES,)
"""What Kafka must have besides: made together with the topics, read by its owner alone, no part of what we publish."""

SCORABLE: Final[frozenset[str]] = frozenset().union(*(topic.scorable for topic in TOPICS))
"""The types that a rule book's items may name."""

PROPOSING: Final[frozenset[str]] = frozenset().union(*(topic.proposing for topic in TOPICS))
"""The types that a rule book may let propose a deduction or a veto. Nothing is taken away before a person confirms."""


def topic_named(name: str) -> Topic:
    """Return the topic of this name. Raises KeyError if the catalogue has none."""
    return {topic.name: topic for topic in TOPICS}[name]


def all_dead_letters() -> Iterator[DeadLetters]:
    """Every dead-letter topic that must exist: one for each consumer of each topic."""
    return (topic.dead_letters(group) for topic in TOPICS for group in topic.consumers)
