"""One person's quarter rated from scratch, with the documents as they were posted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Exemption, Life
from services.scoring.adding import Entry
from services.scoring.lives import BOUNDS, Lived
from services.scoring.sheets import Row


@dataclass(frozen=True, slots=True)
class Who:
    life: Life | None
    belonging: Belonging | None
    exemptions: list[Exemption]
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class Rated:
    entries: list[Entry]
    months: list[str]
    proposed: set[tuple[str, str, date]]


def rerate(who: Who, quarter: str, book: Row) -> Rated | None:
    """Count the quarter's lines; None: the person is not in scope of it."""
    life, belonging = who.life, who.belonging
    if life is None or belonging is None:
        return None
    bases: Row = book["base_tenths"]
    in_scope = [day for day in BOUNDS[quarter] if class_on(life, day) in bases and _here(life, belonging, day)]
    months = sorted({str(day)[:7] for day in in_scope if not _exempt(who, day)})
    if not months:
        return None
    base = bases[str(class_on(life, in_scope[0]))]
    entries: list[Entry] = [(None, "base", "", base)] if base else []
    live = _one_of_each([fact for fact in who.facts if fact.day in BOUNDS[quarter] and not fact.withdrawn], who, book)
    earned = [(fact, item, worth(item, fact)) for fact in live if (item := _item(fact, who, book))]
    earned = [each for each in earned if each[2] or each[1].get("kind") == "veto"]
    entries += [(fact.subject, item["code"], str(fact.day)[:7], value) for fact, item, value in _once(earned)]
    proposed = {
        (fact.subject, item["code"], fact.day)
        for fact in live
        for item in book["items"]
        if item.get("kind") in {"deduction", "veto"} and _selects(item, fact) and _concerns(item, fact, who, book)
    }
    return Rated(entries, months, proposed)


def _one_of_each(facts: list[Fact], who: Who, book: Row) -> list[Fact]:
    """Two entries of one person at one activity are one attendance."""
    groups: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts:
        judged = fact.shape.kind if "confirmed" in fact.shape.event else ""
        key = (fact.occurrence or fact.subject, fact.shape.event.split(".")[0], judged)
        groups.setdefault(key, []).append(fact)
    return [min(group, key=lambda fact: _rank(fact, who, book)) for group in groups.values()]


def _rank(fact: Fact, who: Who, book: Row) -> tuple[int, int, str]:
    order = ["activity.attended", "activity.excused", "activity.missed"]
    place = order.index(fact.shape.event) if fact.shape.event in order else 0
    item = _item(fact, who, book)
    return place, -worth(item, fact) if item else 0, fact.subject


def _once(earned: list[tuple[Fact, Row, int]]) -> list[tuple[Fact, Row, int]]:
    kept = []
    for fact, item, value in earned:
        rivals = [each for each in earned if each[1] is item and _same(item, each[0], fact)]
        if (fact, item, value) == min(rivals, key=lambda each: (-each[2], each[0].subject)):
            kept.append((fact, item, value))
    return kept


def _same(item: Row, one: Fact, other: Fact) -> bool:
    match item.get("every", "quarter") if item.get("kind") == "appraisal" else item.get("once_per"):
        case "day":
            return one.day == other.day
        case "activity":
            return (one.occurrence or one.subject) == (other.occurrence or other.subject)
        case "theme":
            return one.shape.theme == other.shape.theme
        case "month":
            return (one.day.year, one.day.month) == (other.day.year, other.day.month)
        case "quarter":
            return True
    return one is other


def _item(fact: Fact, who: Who, book: Row) -> Row | None:
    items: list[Row] = book["items"]
    for item in items:
        kind = item.get("kind", "bonus")
        if kind == "bonus" and _selects(item, fact) and _concerns(item, fact, who, book, exempt=False):
            return item
        judged = {"appraisal": "appraisal.confirmed", "deduction": "deduction.confirmed", "veto": "deduction.confirmed"}
        named = fact.shape.event == judged.get(kind) and fact.shape.kind == item["code"]
        if named and _concerns(item, fact, who, book, exempt=kind != "appraisal"):
            return item
    return None


def worth(item: Row, fact: Fact) -> int:
    if item.get("kind") == "appraisal":
        return int(item["grades"][fact.shape.grade])
    if item.get("kind") == "veto":
        return 0
    if item.get("per") == "hour":
        value = int(item["value_tenths"] * fact.shape.tenth_hours / 10)
        return min(value, item["fact_cap_tenths"]) if "fact_cap_tenths" in item else value
    return int(item["value_tenths"])


def _selects(item: Row, fact: Fact) -> bool:
    shape = fact.shape
    wanted = {"kinds": shape.kind, "themes": shape.theme, "modes": shape.mode}
    fits = all(not item.get(key) or code in item[key] for key, code in wanted.items())
    return item.get("event") == shape.event and fits


def _concerns(item: Row, fact: Fact, who: Who, book: Row, *, exempt: bool = True) -> bool:
    """Whether the item is for the class of that day, and nothing protects the person on it."""
    life = who.life
    if life is None or not life.classes:
        return False
    held = class_on(life, fact.day) or class_on(life, life.classes[0].since)
    if held not in book["base_tenths"] or (item.get("classes") and held not in item["classes"]):
        return False
    return not (exempt and _exempt(who, fact.day))


def class_on(life: Life, day: date) -> str | None:
    held = None
    for each in sorted(life.classes, key=lambda each: each.since):
        if each.since <= day:
            held = each.code
    return held


def _exempt(who: Who, day: date) -> bool:
    spans: Iterable[Exemption] = (each for each in who.exemptions if not each.withdrawn)
    return any(each.since <= day < (each.until or date.max) for each in spans)


def _here(life: Life, belonging: Belonging, day: date) -> bool:
    at_home = any(m.home and m.since <= day < (m.until or date.max) for m in belonging.memberships)
    return at_home and _lives_here(life, day)


def _lives_here(life: Life, day: date) -> bool:
    """Alive, and the last change before a death was not one of leaving."""
    statuses = life.statuses if isinstance(life, Lived) else ()
    deaths = [since for status, since in statuses if status == "died"]
    moves = [status for status, since in statuses if status != "died" and since <= day]
    return (not moves or moves[-1] == "active") and day <= min(deaths, default=date.max)
