"""Books, facts, lines and cells for the tests of rating, in as few words as matter."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from scoring.ids import BookId, LineId, PersonId, Quarter
from scoring.ledger.domain import cells
from scoring.ledger.domain.cells import Cell, Earned, Line
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.rating import earned
from scoring.rulebooks.domain import BASE, Book, Shape, recall

ME, BOOK = PersonId("me"), BookId("book")
Q1, Q2, Q3, Q4 = (Quarter(f"2022Q{n}") for n in range(1, 5))
NUMBERS = map(str, count())
ATTENDED = "activity.attended"


@dataclass(frozen=True)
class Known:
    """A person's standing: one class for ever, exempt on the days given."""

    class_: str | None = "A"
    exempt: frozenset[date] = field(default_factory=frozenset)

    def class_for(self, _day: date) -> str | None:
        return self.class_

    def exempt_on(self, day: date) -> bool:
        return day in self.exempt


def item(code: str, value: int = 20, **more: Any) -> dict[str, Any]:
    """A bonus that claims the activities of its own name."""
    written = {"code": code, "name": "学习", "aspect": "learning", "event": ATTENDED, "kinds": [code]}
    return {**written, "value_tenths": value, **more}


def appraisal(code: str, **grades: int) -> dict[str, Any]:
    return {"code": code, "name": "家风评议", "aspect": "family", "kind": "appraisal", "grades": grades}


def deduction(code: str, value: int, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": "无故缺席", "aspect": "learning", "kind": "deduction", "value_tenths": value, **more}


VETO = {"code": "discipline", "name": "违纪违法", "kind": "veto"}


def book(*items: Mapping[str, Any], learning: Mapping[str, Any] | None = None, **more: Any) -> Book:
    document = {
        "word": "example", "version": 1, "title": "示例", "starts_on": "2022-01-01",
        "base_tenths": {"A": 600, "B": 500},
        "aspects": [
            {"code": "learning", "name": "学习活动", **(learning or {})}, {"code": "family", "name": "家风美德"},
        ],
        "items": items, **more,
    }  # fmt: skip
    return recall(json.dumps(document))


def day(text: str) -> date:
    """“2022-02-03”, or “02-03” of 2022."""
    return date.fromisoformat(text if len(text) > len("01-01") else f"2022-{text}")


def fact(subject: str, kind: str, on: str = "01-05", **more: Any) -> Fact:
    """An attendance; more may be of the fact or of its shape."""
    shape: dict[str, Any] = {"event": ATTENDED, "kind": kind, "theme": None, "mode": "assembled"}
    shape |= {key: more.pop(key) for key in ("event", "theme", "mode", "grade", "tenth_hours") if key in more}
    return Fact(ME, subject, 1, Shape(**shape), day(on), **more)


def judged(subject: str, code: str, on: str = "01-05", **more: Any) -> Fact:
    event = "appraisal.confirmed" if "grade" in more else "deduction.confirmed"
    return fact(subject, code, on, event=event, mode="", **more)


def line(code: str, month: str, value: int, aspect: str | None = "learning") -> Line:
    told = Earned(code, None if code == BASE else aspect, month, value, None)
    return Line(LineId(next(NUMBERS)), ME, Q1, BOOK, told)


def cell(period: Quarter, *lines: Line, months: tuple[str, ...] = ()) -> Cell:
    return cells.move(Cell(ME, period, BOOK, in_scope=True, months=months), lines)


def rated(
    rules: Book, *facts: Fact, standing: Known | None = None, months: tuple[str, ...] = ()
) -> dict[Quarter, Cell]:
    """The cells of these facts, each with its base and its lines."""
    known, made = standing or Known(), {}
    for period in sorted({fact.period for fact in facts}):
        told = [Earned(BASE, None, "", rules.base[known.class_ or ""], None)]
        told += earned([each for each in facts if each.period == period], known, rules)
        empty = Cell(ME, period, BOOK, in_scope=True, months=tuple(m for m in months if quarter_of(m) == period))
        lines = [cells.book_line(empty, each, lambda: next(NUMBERS)) for each in told]
        made[period] = cells.move(empty, lines)
    return made


def quarter_of(month: str) -> Quarter:
    return Quarter(f"{month[:4]}Q{(int(month[5:]) + 2) // 3}")
