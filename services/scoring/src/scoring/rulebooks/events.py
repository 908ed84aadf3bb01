"""What the world hears of rule books, and what the catalogue tells the linter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts import topics
from contracts.catalogue import SCORABLE, TOPICS, Topic
from contracts.envelope import Envelope
from scoring.events import Cause, Occasion, envelope
from scoring.ids import BookId
from scoring.rulebooks.domain import Vocabulary

MODES = frozenset({"assembled", "online", "delivered"})
"""The contract's ways of holding an activity. Kinds and themes are the county's own, which scoring is not told."""


def vocabulary() -> Vocabulary:
    known = {name: name in SCORABLE for topic in TOPICS for name in topic.events}
    proposing = frozenset().union(*(topic.proposing for topic in TOPICS))
    return Vocabulary(scorable=known, codes={"modes": MODES}, proposing=proposing)


@dataclass(frozen=True, slots=True)
class BookState:
    id: BookId
    document: Mapping[str, Any]  # as it was adopted
    periods: Sequence[str] = ()  # that it rules, earliest first
    version: int = 1  # counts what was told of it


def adopted(work: Occasion, cause: Cause, state: BookState) -> tuple[Topic, Envelope]:
    return _event(work, cause, "rulebook.adopted", state)


def bound(work: Occasion, cause: Cause, state: BookState) -> tuple[Topic, Envelope]:
    return _event(work, cause, "rulebook.bound", state)


def _event(work: Occasion, cause: Cause, type_: str, state: BookState) -> tuple[Topic, Envelope]:
    head = {key: state.document[key] for key in ("word", "version", "starts_on")}
    told = envelope(
        type_,
        cause,
        id_=work.new_id(),
        subject=state.id,
        county=work.county,
        version=state.version,
        now=work.now,
        data={**head, "book": state.document, "periods": [{"period": period} for period in state.periods]},
    )
    return topics.RULEBOOK, told
