"""Rows of a small invented county, and the events that would bring them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from contracts.envelope import Envelope, encode
from scoring.ids import CountyId, OrganisationId, Quarter
from scoring.tallies.domain.rows import Booked, Row, Worth
from services.scoring.envelopes import new_id

COUNTY = CountyId("0197a000-0000-7000-8000-000000000001")
EAST, WEST = (OrganisationId(f"0197a000-0000-7000-8000-00000000000{n}") for n in (2, 3))
SPRING, SUMMER = Quarter("2022Q1"), Quarter("2022Q2")
MONDAY = date(2022, 7, 4)


def row(  # noqa: PLR0913 — a row's parts
    version: int,
    total: int,
    *,
    branch: OrganisationId | None = EAST,
    county: CountyId = COUNTY,
    day: date = MONDAY,
    booked: int = 0,
    quarter: Quarter = SPRING,
) -> Row:
    """Sixty points to begin with, the rest for study."""
    worth = {quarter: Worth(600, {"study": total - 600}, total)} if total else {}
    return Row(county, version, branch, worth, {day: Booked(version, booked)})


def event(person: str, told: Row, **changed: Any) -> bytes:
    """The event that says what a row says of its last day."""
    day, booked = max(told.booked.items())
    data = {
        "person": person,
        "branch": told.branch,
        "booked_on": day.isoformat(),
        "booked_tenths": booked.tenths,
        "totals": [_total(quarter, worth) for quarter, worth in told.worth.items()],
        "lines": [],
    }
    now = datetime(2022, 7, 4, 2, tzinfo=UTC)
    fields: Mapping[str, Any] = {
        "id": new_id(),
        "source": "/jinqiu/scoring",
        "type": "points.changed.v1",
        "subject": person,
        "time": now,
        "county": told.county,
        "recordedtime": now,
        "aggregateversion": told.version,
        "actor": "/jinqiu/scoring",
        "origin": "service",
        "correlationid": new_id(),
        "data": data,
    }
    return encode(Envelope(**{**fields, **changed}))


def _total(quarter: str, worth: Worth) -> dict[str, Any]:
    return {
        "period": quarter,
        "state": "open",
        "base_tenths": worth.base,
        "aspects": dict(worth.aspects),
        "total_tenths": worth.total,
        "adjustments": {"2021Q4": worth.adjusted} if worth.adjusted else {},
    }
