"""Deliberate faults in clamp and reversal, which the property test must find."""

from collections.abc import Iterable
from dataclasses import replace

from scoring.ids import LineId
from scoring.ledger.domain import cells
from scoring.ledger.domain.cells import Cell, Earned, Line, NewId

corrections, reversal, move, clamp = cells.corrections, cells.reversal, cells.move, cells.clamp


def without_taking_back(cell: Cell, standing: Iterable[Line], wanted: Iterable[Earned], new_id: NewId) -> list[Line]:
    return [line for line in corrections(cell, standing, wanted, new_id) if not line.reverses]


MUTANTS: dict[str, tuple[str, object]] = {
    "clamp never bites": ("clamp", lambda total, _cap: total),
    "clamp bites one tenth early": ("clamp", lambda total, cap: clamp(total, cap and cap - 1)),
    "clamp lifts to the cap": ("clamp", lambda total, cap: total if cap is None else max(total, cap)),
    "clamp takes no cap for zero": ("clamp", lambda total, cap: min(total, cap or 0)),
    "month's clamp forgotten": ("item_points", lambda item, months: clamp(sum(months.values()), item.quarter_cap)),
    "quarter's clamp forgotten": (
        "item_points",
        lambda item, months: sum(clamp(month, item.month_cap) for month in months.values()),
    ),
    "reversal adds again": ("reversal", lambda line, new_id: replace(line, id=LineId(new_id()), reverses=line.id)),
    "reversal takes nothing": (
        "reversal",
        lambda line, new_id: replace(reversal(line, new_id), earned=replace(line.earned, value=0)),
    ),
    "reversal names no line": ("reversal", lambda line, new_id: replace(reversal(line, new_id), reverses=None)),
    "reversal in another month": (
        "reversal",
        lambda line, new_id: replace(
            reversal(line, new_id), earned=replace(line.earned, value=-line.earned.value, month="2022-01")
        ),
    ),
    "old lines left standing": ("corrections", without_taking_back),
    "everything written anew without a look at what stands": (
        "corrections",
        lambda cell, _standing, wanted, new_id: corrections(cell, [], wanted, new_id),
    ),
    "sums forget what they were": ("move", lambda cell, lines: move(replace(cell, sums={}), lines)),
}
"""What is wrong → the function of `cells` that is replaced, and by what."""
