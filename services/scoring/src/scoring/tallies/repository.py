"""A row as the changelog keeps it: bytes, so that what comes back after a crash is what was written."""

from datetime import date

import orjson

from scoring.ids import CountyId, OrganisationId, Quarter
from scoring.tallies.domain.rows import Booked, Row, Worth


def dump(row: Row) -> bytes:
    worth = {quarter: [each.base, each.aspects, each.total, each.adjusted] for quarter, each in row.worth.items()}
    booked = {day.isoformat(): [each.version, each.tenths] for day, each in row.booked.items()}
    head = {"county": row.county, "version": row.version, "branch": row.branch}
    return orjson.dumps({**head, "worth": worth, "booked": booked})


def load(kept: bytes) -> Row:
    """Raises ValueError, KeyError or TypeError for what `dump` of this release has not written."""
    told = orjson.loads(kept)
    return Row(
        CountyId(told["county"]),
        told["version"],
        OrganisationId(told["branch"]) if told["branch"] else None,
        {Quarter(quarter): Worth(*each) for quarter, each in told["worth"].items()},
        {date.fromisoformat(day): Booked(*each) for day, each in told["booked"].items()},
    )
