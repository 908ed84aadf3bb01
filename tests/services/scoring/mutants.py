"""Deliberate faults in what the fold rests on, which the property test must find."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from scoring.ids import LineId, Quarter
from scoring.ledger.domain import accounts, cells, merging, rating, settling, worth
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.cells import Cell, Earned, Line, NewId, Total
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Exemption, Scope, Standing, scope_of
from scoring.periods.domain import Rules

corrections, reversal, move, clamp = cells.corrections, cells.reversal, cells.move, cells.clamp
item_points, own_before, in_year = cells.item_points, cells.own_before, cells._in_year
adjustments, adjusted, once_key = worth.adjustments, worth.adjusted, rating._once_key


def without_taking_back(cell: Cell, standing: Iterable[Line], wanted: Iterable[Earned], new_id: NewId) -> list[Line]:
    return [line for line in corrections(cell, standing, wanted, new_id) if not line.reverses]


def the_wrong_way_round(account: Account, rules: Rules, trues: Mapping[Quarter, int]) -> dict[Quarter, int]:
    return {period: -owed for period, owed in adjustments(account, rules, trues).items()}


def only_of_the_last(account: Account, rules: Rules, trues: Mapping[Quarter, int]) -> dict[Quarter, int]:
    return dict(list(adjustments(account, rules, trues).items())[-1:])


def within_the_total(total: Total, owed: Mapping[Quarter, int]) -> Total:
    return replace(adjusted(total, owed), total=0) if total.vetoed else adjusted(total, owed)


def counted_twice(facts: Iterable[Fact], _standing: object, _book: object) -> Iterable[Fact]:
    return [fact for fact in facts if not fact.withdrawn]


def exempt_and_out(standing: Standing, *rest: object) -> Scope:
    return scope_of(replace(standing, exemptions=()), *rest)  # type: ignore[arg-type]


MUTANTS: dict[str, tuple[object, str, object]] = {
    "clamp never bites": (cells, "clamp", lambda total, _cap: total),
    "clamp bites one tenth early": (cells, "clamp", lambda total, cap: clamp(total, cap and cap - 1)),
    "clamp lifts to the cap": (cells, "clamp", lambda total, cap: total if cap is None else max(total, cap)),
    "clamp takes no cap for zero": (cells, "clamp", lambda total, cap: min(total, cap or 0)),
    "month's clamp forgotten": (cells, "month_points", lambda _item, month: month),
    "quarter's clamp forgotten": (
        cells, "item_points", lambda item, months: item_points(replace(item, quarter_cap=None), months)
    ),
    "reversal adds again": (
        cells, "reversal", lambda line, new_id: replace(line, id=LineId(new_id()), reverses=line.id)
    ),
    "reversal takes nothing": (
        cells, "reversal", lambda line, new_id: replace(reversal(line, new_id), earned=replace(line.earned, value=0))
    ),
    "reversal names no line": (cells, "reversal", lambda line, new_id: replace(reversal(line, new_id), reverses=None)),
    "reversal in another month": (
        cells, "reversal",
        lambda line, new_id: replace(
            reversal(line, new_id), earned=replace(line.earned, value=-line.earned.value, month="2022-01")
        ),
    ),
    "old lines left standing": (cells, "corrections", without_taking_back),
    "everything written anew without a look at what stands": (
        cells, "corrections", lambda cell, _standing, wanted, new_id: corrections(cell, [], wanted, new_id)
    ),
    "sums forget what they were": (cells, "move", lambda cell, lines: move(replace(cell, sums={}), lines)),
    "a veto is never taken back": (
        cells, "move", lambda cell, lines: move(cell, [line for line in lines if not (line.vetoes and line.reverses)])
    ),
    "settled forgotten": (worth, "_settled", lambda _account, _period: 0),
    "true and published swapped": (worth, "adjustments", the_wrong_way_round),
    "only the last close is settled": (worth, "adjustments", only_of_the_last),
    "a veto swallows what is settled": (worth, "adjusted", within_the_total),
    "carried from what is true instead of published": (
        cells, "own_before", lambda period, totals, _frozen: own_before(period, totals, {})
    ),
    "carried from a close that published nothing": (
        cells, "own_before",
        lambda period, totals, frozen: own_before(
            period, totals, {each: own for each, own in frozen.items() if own is not None}
        ),
    ),
    "nothing carried before a close": (cells, "own_before", lambda period, _totals, frozen: frozen.get(period)),
    "year's cap forgotten": (
        cells, "_in_year", lambda points, of, spent: in_year(points, replace(of, year_cap=None), spent)
    ),
    "year begins with every quarter": (cells, "_in_year", lambda points, of, _spent: in_year(points, of, {})),
    "later quarters not looked at": (Rules, "chained", frozenset()),
    "both entries of one occurrence count": (rating, "_counted", counted_twice),
    "one fact moves alone after a merge": (
        accounts, "_moves",
        lambda fact, account, book: rating.moves_plainly(fact, account.standing, book),
    ),
    "once is as often as it comes": (rating, "_once_key", lambda _item, _fact: None),
    "once a month is once a quarter": (
        rating, "_once_key",
        lambda item, fact: once_key(replace(item, once_per="quarter") if item.once_per == "month" else item, fact),
    ),
    "exemption protects from nothing": (Standing, "exempt_on", lambda _standing, _day: False),
    "exempt for a quarter and still in scope": (settling, "scope_of", exempt_and_out),
    "withdrawn exemption protects": (
        Exemption, "covers", lambda each, day: each.since <= day and (each.until is None or day < each.until)
    ),
    "news after a merge stay where they came": (merging, "directed", lambda key, news, _goes_on: (key, news)),
    "nothing goes along in a merge": (merging, "handed_over", lambda _account, _facts: []),
    "a chain is followed one step": (
        merging, "canonical", lambda key, merged: (key[0], merged[key]) if key in merged else key
    ),
}  # fmt: skip
"""What is wrong → the function that is replaced, of which module or class, and by what."""
