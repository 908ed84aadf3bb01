"""Why a book is refused: where in the document, and a sentence for the clerk who wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """The linter's rules, so that each can be proved by a book that only it refuses."""

    FORM = "form"
    TOO_LONG = "too-long"
    UNKNOWN_FIELD = "unknown-field"
    STARTS_ON = "starts-on"
    NO_CLASS = "no-class"
    NEGATIVE_BASE = "negative-base"
    RESERVED = "reserved"
    TWICE = "twice"
    # the red line
    RED_LINE = "red-line"
    ORIGIN = "origin"
    SELF_CHECK_IN = "self-check-in"
    ONLINE_HOURS = "online-hours"
    # what an item claims
    UNKNOWN_KIND = "unknown-kind"
    MISPLACED = "misplaced"
    UNKNOWN_ASPECT = "unknown-aspect"
    UNKNOWN_EVENT = "unknown-event"
    NOT_SCORABLE = "not-scorable"
    NOT_PROPOSING = "not-proposing"
    UNKNOWN_CODE = "unknown-code"
    UNKNOWN_CLASS = "unknown-class"
    OVERLAP = "overlap"
    # what it is worth
    NEGATIVE = "negative"
    NOT_NEGATIVE = "not-negative"
    WORTHLESS = "worthless"
    NO_GRADES = "no-grades"
    NEGATIVE_GRADE = "negative-grade"
    UNKNOWN_EVERY = "unknown-every"
    UNKNOWN_MEASURE = "unknown-measure"
    UNKNOWN_ONCE = "unknown-once"
    # caps
    FACT_CAP = "fact-cap"
    ITEM_CAP = "item-cap"
    ASPECT_CAP = "aspect-cap"
    ASPECT_MONTH_CAP = "aspect-month-cap"
    IDLE_FACT_CAP = "idle-fact-cap"
    IDLE_MONTH_CAP = "idle-month-cap"
    IDLE_QUARTER_CAP = "idle-quarter-cap"
    # the quarter, the year, the notice
    MEAN_CAP = "mean-cap"
    MEAN_QUARTERLY = "mean-quarterly"
    CARRY_OVER = "carry-over"
    BAND_ORDER = "band-order"
    BAND_GAP = "band-gap"
    BAND_OVERLAP = "band-overlap"
    BAND_OPEN = "band-open"
    NO_BANDS = "no-bands"
    UNKNOWN_TAKE = "unknown-take"
    NOTICE_WINDOW = "notice-window"
    UNKNOWN_SHOWS = "unknown-shows"
    UNKNOWN_LATE = "unknown-late"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Refusal:
    rule: Rule
    path: str  # such as "items[2].value_tenths"
    sentence: str


class BookRefused(Exception):
    """Carries every refusal at once, so that a clerk corrects a book in one go."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(f"积分办法有{len(refusals)}处不能采用，逐条说明见下。")
        self.refusals = tuple(refusals)
        self.errors = [{"field": refusal.path, "sentence": refusal.sentence} for refusal in refusals]


class BookNotFound(Exception):
    def __init__(self, book: str) -> None:
        super().__init__(f"没有编号为{book}的积分办法。")


class VersionTaken(Exception):
    def __init__(self, word: str, version: int) -> None:
        super().__init__(f"积分办法“{word}”第{version}版已经采用；已采用的版本不能改动，请另立新版。")
