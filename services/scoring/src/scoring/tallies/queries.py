"""What the ledger has published of everybody, read without a lock as the worker's role, a chunk at a time."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.ids import CountyId, OrganisationId, PersonId, Quarter
from scoring.tallies.domain.checking import Entry
from scoring.tallies.domain.rows import Worth

CHUNK = 2000


async def published(session: AsyncSession) -> AsyncIterator[Sequence[Entry]]:
    """Everybody, in the order of county and person. What changes meanwhile is seen as it is or as it was."""
    after: tuple[str, str] = ("", "")
    while True:
        given = {"county": after[0], "person": after[1], "most": CHUNK}
        rows = (await session.execute(_PUBLISHED, given)).all()
        if not rows:
            return
        yield [_entry(row) for row in rows]
        after = (rows[-1].county, rows[-1].person)


def _entry(row: Any) -> Entry:
    return Entry(
        CountyId(row.county),
        PersonId(row.person),
        row.version,
        OrganisationId(row.branch) if row.branch else None,
        {Quarter(each["period"]): _worth(each) for each in orjson.loads(row.totals)},
        row.booked_on,
        row.booked_tenths,
    )


def _worth(kept: dict[str, Any]) -> Worth:
    settled = sum(kept.get("adjustments", {}).values())
    return Worth(kept["base"], kept["aspects"], kept["total"], settled)


# A stub of which nothing was published is read too: it says that there is nothing to have.
_PUBLISHED = text("""
    SELECT county, person, version, branch, CAST(totals AS text) AS totals, booked_on, booked_tenths
    FROM accounts WHERE (county, person) > (:county, :person) ORDER BY county, person LIMIT :most
""")
