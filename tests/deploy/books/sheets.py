"""Reads the committed books and their cases, and rates the cases' facts as scoring would."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from pathlib import Path
from typing import Any

from scoring.ids import BookId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain import cells
from scoring.ledger.domain.cells import Cell, Earned, Line
from scoring.ledger.domain.explaining import Explanation, Quarters, explain, line_arithmetic
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.rating import earned, proposals
from scoring.ledger.domain.standing import Belonging, Exemption, Held, Life, Membership, Standing, scope_of
from scoring.periods.domain import Period, open_period
from scoring.rulebooks.domain import APPRAISED, BASE, DEDUCTED, Book, Shape, read
from scoring.rulebooks.events import vocabulary

FOLDER = Path(__file__).parents[3] / "deploy" / "books"
WORDS = tuple(sorted(path.parent.name for path in FOLDER.glob("*/book.json")))
REFUSED = tuple(sorted(path.parent.name for path in FOLDER.glob("refused/*/book.json")))
LONG_AGO = date(2000, 1, 1)
HOME = Belonging(1, (Membership(OrganisationId("branch"), home=True, since=LONG_AGO, until=None),))
NUMBERS = count()
Row = Mapping[str, Any]


def document(word: str) -> dict[str, Any]:
    return json.loads((FOLDER / word / "book.json").read_text())  # type: ignore[no-any-return]


def book(word: str) -> Book:
    return read(document(word), vocabulary())


def cases(word: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / word / "cases.toml").read_text(), parse_float=Decimal)


def reckon(line: str) -> tuple[Decimal, Decimal]:
    """One sum by hand: what its left side comes to, to a tenth of a point, and what is written on the right."""
    left, right = line.replace("×", "*").replace("÷", "/").split(" = ")
    if re.sub(r"min|[0-9.+*/(), -]", "", left):
        raise ValueError(line)
    figures = re.sub(r"[0-9.]+", lambda found: f"Decimal('{found[0]}')", left)
    worth = eval(figures, {"Decimal": Decimal, "min": min, "__builtins__": {}})  # noqa: S307 — figures and signs only
    return worth.quantize(Decimal("0.1"), ROUND_HALF_UP), Decimal(right)


@dataclass(frozen=True)
class Rated:
    explanations: Mapping[Quarter, Explanation]
    lines: Mapping[Quarter, tuple[str, ...]]
    proposed: tuple[str, ...]


def rate(rules: Book, case: Row) -> Rated:
    """Rate a case's facts, quarter by quarter; a quarter out of scope is missing."""
    facts, standing = tuple(_facts(case)), _standing(case)
    held, lines = dict[Quarter, Cell](), dict[Quarter, list[Line]]()
    for period in sorted({fact.period for fact in facts}):
        scope = scope_of(standing, HOME, _period(period, rules), rules.base.keys())
        if scope.since is None:
            continue
        mine = [fact for fact in facts if fact.period == period]
        base = Earned(BASE, None, "", rules.base[case["class"]], None)
        empty = Cell(PersonId("somebody"), period, BookId("book"), in_scope=True, months=scope.months)
        lines[period] = [cells.book_line(empty, each, _number) for each in (base, *earned(mine, standing, rules))]
        held[period] = cells.move(empty, lines[period])
    quarters = Quarters(held, dict.fromkeys(held, rules))
    proposed = tuple(sorted(item for _, item, _ in proposals(facts, standing, rules)))
    explanations = {period: explain(period, quarters, lines[period]) for period in held}
    return Rated(explanations, _told(lines, facts, rules), proposed)


def _told(lines: Mapping[Quarter, list[Line]], facts: Iterable[Fact], rules: Book) -> Mapping[Quarter, tuple[str, ...]]:
    shapes = {fact.subject: fact.shape for fact in facts}
    return {
        period: tuple(line_arithmetic(line, rules, shapes.get(line.earned.fact or "")) for line in mine)
        for period, mine in lines.items()
    }


def _number() -> str:
    return str(next(NUMBERS))


def _period(code: Quarter, rules: Book) -> Period:
    return open_period(code, BookId("book"), rules.starts_on)


def _standing(case: Row) -> Standing:
    exempt = case.get("exempt")
    spans = (Exemption("illness", 1, exempt["since"], exempt.get("until")),) if exempt else ()
    return Standing(Life(1, (Held(case["class"], LONG_AGO),)), spans)


def _facts(case: Row) -> Iterator[Fact]:
    """A fact that happened several times did so on as many days."""
    numbers = count()
    for row in case["facts"]:
        for after in range(row.get("times", 1)):
            yield Fact(PersonId("somebody"), f"{next(numbers):03}", 1, _shape(row), row["on"] + timedelta(days=after))


def _shape(row: Row) -> Shape:
    if row["is"] == "appraised":
        return Shape(APPRAISED, row["item"], None, "", row["grade"])
    if row["is"] in {"deducted", "vetoed"}:
        return Shape(DEDUCTED, row["item"], None, "")
    hours = int(row.get("hours", 0) * 10)
    return Shape(f"activity.{row['is']}", row["kind"], None, row.get("mode", "assembled"), tenth_hours=hours)
