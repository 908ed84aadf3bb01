"""What the catalogue says about one topic."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from contracts.envelope import Envelope
from contracts.fields import PERIOD, UUID7, YEAR, Shape

PARTITIONS: Final = 12
"""Never added to: a key would move to another partition and lose its order. A wider topic is a rebuild."""

PARTS: Final = {"period": PERIOD, "year": YEAR}
"""The parts of a subject that stand for themselves. Every other part is an id."""

KEPT_FOR_EVER: Final = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Where one group puts what it cannot read or handle. Operators only; one partition keeps the order of arrival."""

    name: str
    partitions: int
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Changelog:
    """A service's own memory in Kafka: the last value of each key. No events, no readers but its owner."""

    name: str
    about: str
    owner: str
    partitions: int = PARTITIONS

    @property
    def config(self) -> Mapping[str, str]:
        return {"cleanup.policy": "compact"}


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """A topic's place in the catalogue. `subject` names the parts of an event's subject; `key` is one of them."""

    name: str
    about: str
    owner: str
    subject: str
    key: str
    events: Mapping[str, tuple[type[Shape], ...]]  # type without version → the shapes v1, v2, …
    meanings: Mapping[str, str] = field(default_factory=dict)  # type without version → what happened
    consumers: tuple[str, ...] = ()
    scorable: frozenset[str] = frozenset()  # the types that a rule book's items may name
    proposing: frozenset[str] = frozenset()  # the types that may propose a deduction, which a person then confirms
    partitions: int = PARTITIONS

    @property
    def config(self) -> Mapping[str, str]:
        return KEPT_FOR_EVER

    @property
    def types(self) -> tuple[str, ...]:
        """Every type that may stand in an envelope on this topic, with its version."""
        return tuple(f"{name}.v{number}" for name, shapes in self.events.items() for number, _ in enumerate(shapes, 1))

    @property
    def subject_pattern(self) -> str:
        """The form of a subject: a period or year as it is written, everything else by its id."""
        parts = (PARTS.get(part, UUID7) for part in self.subject.split("/"))
        return f"^{'/'.join(parts)}$"

    def shape(self, type_: str) -> type[Shape]:
        """Return the class of this type's data. Raises ValueError if the topic does not carry the type."""
        name, _, version = type_.rpartition(".v")
        shapes = self.events.get(name, ())
        if not version.isascii() or not version.isdigit() or not 1 <= int(version) <= len(shapes):
            sentence = f"{self.name} does not carry {type_}"
            raise ValueError(sentence)
        return shapes[int(version) - 1]

    def key_of(self, envelope: Envelope) -> str:
        """Derive the record's key. Raises ValueError if the envelope does not belong on this topic."""
        self.shape(envelope.type)
        if envelope.source != f"/jinqiu/{self.owner}":
            sentence = f"{self.name} belongs to {self.owner}, not to {envelope.source}"
            raise ValueError(sentence)
        if not re.fullmatch(self.subject_pattern, envelope.subject):
            sentence = f"a subject on {self.name} is {self.subject}, not {envelope.subject}"
            raise ValueError(sentence)
        parts = dict(zip(self.subject.split("/"), envelope.subject.split("/"), strict=True))
        if parts.get("county", envelope.county) != envelope.county:
            sentence = f"{envelope.subject} is not in county {envelope.county}"
            raise ValueError(sentence)
        return parts[self.key]

    def dead_letters(self, group: str) -> DeadLetters:
        """Name the group's dead-letter topic. Raises ValueError if the catalogue lists no such consumer."""
        if group not in self.consumers:
            sentence = f"{group} is not a consumer of {self.name}"
            raise ValueError(sentence)
        return DeadLetters(f"{self.name}.dlq.{group}", 1, KEPT_FOR_EVER)
