"""Rows in and out as domain values. JSON goes to PostgreSQL and comes back as text: orjson reads it far faster."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from scoring.ids import BookId, CountyId, LineId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain.accounts import Account, Published
from scoring.ledger.domain.cells import Cell, Earned, Line, Total
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Absence, Belonging, Held, Life, Membership
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
        life=Life(row.person_version, classes, tuple(_absence(each) for each in orjson.loads(row.absences))),
        belonging=Belonging(row.membership_version, tuple(_membership(each) for each in orjson.loads(row.memberships))),
        published=Published(
            OrganisationId(row.branch) if row.branch else None,
            tuple(_total(each) for each in orjson.loads(row.totals)),
            row.booked_on or date.min,
            row.booked_tenths,
        ),
    )


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
    )


def fact_of(row: Any) -> Fact:
    shape = Shape(row.event, row.kind, row.theme, row.mode)
    return Fact(row.person, row.subject, row.version, shape, row.day, row.withdrawn)


def fact_row(county: CountyId, fact: Fact) -> tuple[Any, ...]:
    shape = fact.shape
    head = (county, fact.person, fact.subject, fact.version)
    return (*head, shape.event, shape.kind, shape.theme, shape.mode, fact.day, fact.period, fact.withdrawn)


def cell_of(row: Any) -> Cell:
    return Cell(PersonId(row.person), Quarter(row.period), BookId(row.book), row.in_scope, orjson.loads(row.sums))


def cell_row(county: CountyId, cell: Cell, total: Total | None) -> tuple[Any, ...]:
    """A cell out of scope has sums of nothing and no total."""
    worth = total or Total(cell.period, 0, {}, 0)
    head = (county, cell.person, cell.period, cell.book, cell.in_scope)
    return (*head, _json(cell.sums), worth.base, _json(worth.aspects), worth.total)


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


def _total(kept: Mapping[str, Any]) -> Total:
    return Total(Quarter(kept["period"]), kept["base"], kept["aspects"], kept["total"])


def _total_row(total: Total) -> dict[str, Any]:
    return {"period": total.period, "base": total.base, "aspects": dict(total.aspects), "total": total.total}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
