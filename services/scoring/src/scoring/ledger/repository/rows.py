"""Rows in and out as domain values. JSON goes to PostgreSQL and comes back as text: orjson reads it far faster."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from scoring.ids import BookId, CountyId, LineId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain.accounts import Account, Frozen, Published
from scoring.ledger.domain.cells import Cell, Earned, Line, Total
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.freezing import Released
from scoring.ledger.domain.standing import Absence, Belonging, Exemption, Held, Life, Membership
from scoring.rulebooks.domain import Shape


def columns(names: Sequence[str], rows: Collection[Sequence[Any]]) -> dict[str, list[Any]]:
    """Turn rows into one list per column."""
    lists = zip(*rows, strict=True) if rows else ([] for _ in names)
    return {name: list(values) for name, values in zip(names, lists, strict=True)}


def account_of(row: Any) -> Account:
    classes = tuple(Held(held["code"], date.fromisoformat(held["since"])) for held in orjson.loads(row.classes))
    return Account(
        county=CountyId(row.county),
        person=PersonId(row.person),
        version=row.version,
        epoch=row.epoch,
        life=Life(
            row.person_version,
            classes,
            tuple(_absence(each) for each in orjson.loads(row.absences)),
            PersonId(row.merged_into) if row.merged_into else None,
        ),
        belonging=Belonging(row.membership_version, tuple(_membership(each) for each in orjson.loads(row.memberships))),
        published=Published(
            OrganisationId(row.branch) if row.branch else None,
            tuple(_total(each) for each in orjson.loads(row.totals)),
            orjson.loads(row.trues),
            row.booked_on or date.min,
            row.booked_tenths,
        ),
        exemptions=tuple(_exemption(each) for each in orjson.loads(row.exemptions)),
        absorbed=row.absorbed,
        frozen=tuple(_frozen(each) for each in orjson.loads(row.frozen)),
    )


def released_of(row: Any, day: date) -> Released:
    home = Belonging(0, tuple(_membership(each) for each in orjson.loads(row.memberships))).home_on(day)
    return Released(PersonId(row.person), home, _frozen(orjson.loads(row.frozen)), row.merged_into is not None)


def account_row(account: Account) -> tuple[Any, ...]:
    published = account.published
    return (
        account.county,
        account.person,
        account.version,
        account.epoch,
        account.life.version,
        _json([{"code": held.code, "since": held.since} for held in account.life.classes]),
        _json([{"since": each.since, "until": each.until} for each in account.life.absences]),
        account.belonging.version,
        _json([_membership_row(each) for each in account.belonging.memberships]),
        published.branch,
        _json([_total_row(each) for each in published.totals]),
        None if published.booked_on == date.min else published.booked_on,
        published.booked,
        account.life.merged_into,
        account.absorbed,
        _json(account.exemptions),
        _json(account.frozen),
        _json(published.trues),
    )


def fact_of(row: Any) -> Fact:
    shape = Shape(row.event, row.kind, row.theme, row.mode, row.grade, row.tenth_hours)
    return Fact(
        row.person, row.subject, row.version, shape, row.day, row.withdrawn, row.occurrence, row.recorded_by
    )  # fmt: skip


def fact_row(county: CountyId, fact: Fact) -> tuple[Any, ...]:
    shape = fact.shape
    head = (county, fact.person, fact.subject, fact.version)
    what = (shape.event, shape.kind, shape.theme, shape.mode, fact.day, fact.period, fact.withdrawn)
    return (*head, *what, shape.grade, shape.tenth_hours, fact.occurrence, fact.by)


def cell_of(row: Any) -> Cell:
    head = (PersonId(row.person), Quarter(row.period), BookId(row.book), row.in_scope)
    return Cell(*head, orjson.loads(row.sums), row.vetoes, tuple(orjson.loads(row.months)))


def cell_row(account: Account, cell: Cell, total: Total | None) -> tuple[Any, ...]:
    """A cell out of scope has sums of nothing and no total."""
    worth = total or Total(cell.period, 0, {}, 0)
    published = next((frozen.total for frozen in account.frozen if frozen.period == cell.period), None)
    return (
        account.county,
        cell.person,
        cell.period,
        cell.book,
        cell.in_scope,
        _json(cell.sums),
        worth.base,
        _json(worth.aspects),
        worth.total,
        cell.vetoes,
        _json(cell.months),
        worth.carried,
        worth.vetoed,
        _json(worth.adjustments),
        published,
    )


def line_of(row: Any) -> Line:
    earned = Earned(row.item, row.aspect, row.month, row.value_tenths, row.fact)
    reverses = LineId(row.reverses) if row.reverses else None
    return Line(LineId(row.id), PersonId(row.person), Quarter(row.period), BookId(row.book), earned, reverses)


def line_row(county: CountyId, line: Line, now: datetime) -> tuple[Any, ...]:
    earned = line.earned
    head = (county, line.id, line.person, line.period, line.book)
    return (*head, earned.item, earned.aspect, earned.month, earned.value, earned.fact, line.reverses, now)


def _absence(kept: Mapping[str, Any]) -> Absence:
    return Absence(date.fromisoformat(kept["since"]), date.fromisoformat(kept["until"]) if kept["until"] else None)


def _membership(kept: Mapping[str, Any]) -> Membership:
    until = date.fromisoformat(kept["until"]) if kept["until"] else None
    since = date.fromisoformat(kept["since"])
    return Membership(OrganisationId(kept["organisation"]), kept["home"], since, until)


def _membership_row(membership: Membership) -> dict[str, Any]:
    return {
        "organisation": membership.organisation,
        "home": membership.home,
        "since": membership.since,
        "until": membership.until,
    }


def _exemption(kept: Mapping[str, Any]) -> Exemption:
    until = date.fromisoformat(kept["until"]) if kept["until"] else None
    return Exemption(kept["id"], kept["version"], date.fromisoformat(kept["since"]), until, kept["withdrawn"])


def _frozen(kept: Mapping[str, Any]) -> Frozen:
    return Frozen(Quarter(kept["period"]), kept["own"], kept["adjustments"], kept["grade"])


def _total(kept: Mapping[str, Any]) -> Total:
    rare = (kept.get("carried", 0), kept.get("vetoed", False), kept.get("adjustments", {}))
    return Total(Quarter(kept["period"]), kept["base"], kept["aspects"], kept["total"], *rare)


def _total_row(total: Total) -> dict[str, Any]:
    """What is rare is left out: this is read and written with every batch."""
    row: dict[str, Any] = {
        "period": total.period, "base": total.base, "aspects": total.aspects, "total": total.total
    }  # fmt: skip
    rare = {"carried": total.carried, "vetoed": total.vetoed, "adjustments": total.adjustments}
    return row | {name: value for name, value in rare.items() if value}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
