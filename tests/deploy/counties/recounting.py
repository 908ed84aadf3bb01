"""A second way to Taoyuan's figures: straight from the story and the book, without any of the product's code."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from stack import story
from stack.pack import Pack, Row, load

FOLDER = Path(__file__).parents[3] / "deploy" / "counties" / "taoyuan"
QUARTERS = ("2022Q1", "2022Q2", "2022Q3")
Facts = dict[tuple[str, str], Row]  # (activity, person) → the activity as it stands, of whoever attended
Sheet = dict[str, Decimal]


@cache
def pack() -> Pack:
    return load(FOLDER)


@cache
def steps() -> tuple[Row, ...]:
    return tuple(step for chapter in pack().chapters for step in chapter.steps)


def facts(told: Sequence[Row]) -> Facts:
    """The named people's attendances when these steps have been told."""
    held, outcomes = _entered(told)
    return {key: held[key[0]] for key, outcome in outcomes.items() if outcome == "attended"}


def _entered(told: Sequence[Row]) -> tuple[dict[str, Row], dict[tuple[str, str], str]]:
    held: dict[str, Row] = {}
    outcomes: dict[tuple[str, str], str] = {}
    for step in told:
        activity = step.get("activity", step["key"])
        if step["do"] == "meet":
            held[activity] = step
        if step["do"] == "revise":
            held[activity] = {**held[activity], "day": step["day"]}
        for entry in story.listed(step):
            outcomes[activity, entry.person] = entry.outcome
    return held, outcomes


def quarter(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def added_up(person: str, period: str, told: Sequence[Row], known: Facts) -> Sheet | None:
    """What the quarter is worth once these steps have been told; None: it is not scored."""
    if not _is_known(person, told) or _is_exempt(person, period, told):
        return None
    sheet = {"base": Decimal(pack().book["base"][class_in(person, period, told)])}
    for aspect in pack().book["aspect"]:
        items = [item for item in pack().book["item"] if item.get("aspect") == aspect["code"]]
        total = sum((_item(item, person, period, told, known) for item in items), Decimal(0))
        sheet[aspect["code"]] = min(total, aspect["quarter_cap"])
    total = Decimal(0) if _is_vetoed(person, period, told) else sum(sheet.values(), Decimal(0))
    return {**sheet, "total": total}


def published(person: str) -> Sheet:
    """What each close froze: the quarter's own points then, and what the closed ones had still to give."""
    own: Sheet = {}
    given: Counter[str] = Counter()
    frozen: Sheet = {}
    for at, step in enumerate(steps()):
        if step["do"] != "close":
            continue
        told = steps()[: at + 1]
        worth = {period: added_up(person, period, told, facts(told)) for period in QUARTERS}
        if (sheet := worth[step["period"]]) is None:
            continue
        late = {}
        for period in [one for one in QUARTERS if one < step["period"]]:
            known = worth[period]
            late[period] = (known["total"] if known else Decimal(0)) - own.get(period, Decimal(0)) - given[period]
        own[step["period"]] = sheet["total"]
        given.update(late)
        frozen[step["period"]] = sheet["total"] + sum(late.values())
    return frozen


def class_in(person: str, period: str, told: Sequence[Row]) -> str:
    """The class that the person has on the quarter's first day, or comes into the county's books with."""
    first = date(2022, 3 * int(period[-1]) - 2, 1)
    held = pack().people[person]["class"]
    for step in told:
        if step["do"] == "classify" and step["person"] == person and step["since"] <= first:
            held = step["class"]
    return str(held)


def _item(item: Row, person: str, period: str, told: Sequence[Row], known: Facts) -> Decimal:
    match item.get("kind", "bonus"):
        case "appraisal":
            grades = [
                step["grade"]
                for step in told
                if step["do"] == "appraise"
                and (step["item"], step["period"]) == (item["code"], period)
                and person in step["people"]
            ]
            return sum((item["grades"][grade] for grade in grades), Decimal(0))
        case "deduction":
            return _taken_away(item, person, period, told)
        case _:
            return _earned(item, person, period, known)


def _taken_away(item: Row, person: str, period: str, told: Sequence[Row]) -> Decimal:
    """Confirmed absences that still stand as such."""
    held, outcomes = _entered(told)
    confirmed = [
        step["activity"]
        for step in told
        if step["do"] == "confirm" and (step["item"], step["person"]) == (item["code"], person)
    ]
    standing = [one for one in confirmed if outcomes[one, person] == "missed" and quarter(held[one]["day"]) == period]
    return len(standing) * Decimal(item["value"])


def _earned(item: Row, person: str, period: str, known: Facts) -> Decimal:
    months = Counter(
        step["day"].month
        for (_, who), step in known.items()
        if who == person and step["kind"] in item["kinds"] and quarter(step["day"]) == period
    )
    cut = [min(count * item["value"], item.get("month_cap", Decimal("Infinity"))) for count in months.values()]
    return min(sum(cut, Decimal(0)), Decimal(item.get("quarter_cap", "Infinity")))


def _is_known(person: str, told: Sequence[Row]) -> bool:
    registered = {step["person"] for step in told if step["do"] == "register"}
    return "registered" not in pack().people[person] or person in registered


def _is_exempt(person: str, period: str, told: Sequence[Row]) -> bool:
    """On every day of the quarter; the story has no other exemption."""
    return any(
        step["do"] == "exempt" and step["person"] == person and quarter(step["since"]) == period for step in told
    )


def _is_vetoed(person: str, period: str, told: Sequence[Row]) -> bool:
    return any(step["do"] == "deduct" and step["person"] == person and quarter(step["day"]) == period for step in told)
