"""What a recount looks at in the tables, all of it in one snapshot. Nothing is written and nothing is locked."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import text

from scoring.ids import BookId, CountyId, PersonId, Quarter
from scoring.ledger.domain.cells import Total
from scoring.recount.domain.arriving import Event
from scoring.recount.domain.pictures import CellRow, Picture
from scoring.work import Work


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the tables are: the accounts' versions, who is still to be rated, what was told of our own topics."""

    accounts: dict[PersonId, int]
    behind: frozenset[PersonId]
    told: dict[Event, int]  # the last version of each of our own subjects
    unsent: frozenset[tuple[str, str, int]]  # of these and of everybody's points, what the relay has still to send


async def snapshot(work: Work, county: CountyId, own: Sequence[str], points: str) -> Snapshot:
    given = {"county": county, "own": list(own), "all": [*own, points]}
    accounts = (await work.session.execute(_ACCOUNTS, given)).all()
    told = await work.session.execute(_TOLD, given)
    unsent = await work.session.execute(_UNSENT, given)
    return Snapshot(
        {row.person: row.version for row in accounts},
        frozenset(row.person for row in accounts if row.behind),
        {(row.topic, row.subject): row.version for row in told},
        frozenset((row.topic, row.subject, row.aggregateversion) for row in unsent),
    )


async def pictures(
    work: Work,
    county: CountyId,
    people: Collection[PersonId],
    periods: Collection[Quarter],
    ended: Collection[PersonId],
) -> dict[PersonId, Picture]:
    """What the tables hold of these people. What an entry heard before it ended hangs on the order: left out."""
    keys = [(county, person) for person in people]
    found = {person: Picture() for person in people}
    for (_, person), account in (await work.ledger.accounts(keys)).items():
        found[person].see_account(account, ended=person in ended)
    for (_, person), facts in (await work.ledger.all_facts(keys)).items():
        found[person].facts = {} if person in ended else {fact.subject: fact for fact in facts}
    cells = [(*key, period) for key in keys for period in periods]
    for (_, person), lines in (await work.ledger.standing(cells)).items():
        found[person].lines = Counter((line.period, line.book, line.earned) for line in lines)
    for row in await work.session.execute(_CELLS, {"county": county, "people": list(people)}):
        cell = _cell(row)
        if not cell.empty:
            found[row.person].cells[row.period] = cell
    return found


def _cell(row: Any) -> CellRow:
    months, adjustments = tuple(orjson.loads(row.months)), orjson.loads(row.adjustments)
    total = Total(
        row.period, row.base_tenths, orjson.loads(row.aspects), row.total_tenths, row.carried_tenths, row.vetoed,
        adjustments,
    )  # fmt: skip
    sums = orjson.loads(row.sums)
    return CellRow(BookId(row.book), sums, row.vetoes, months, total if row.in_scope else None, row.published_tenths)


_ACCOUNTS = text("""
    SELECT a.person, a.version, a.epoch < c.epoch AS behind FROM accounts a JOIN counties c USING (county)
    WHERE county = :county
""")
_TOLD = text("""
    SELECT topic, subject, max(aggregateversion) AS version FROM journal
    WHERE county = :county AND topic = ANY(:own) AND value IS NOT NULL GROUP BY topic, subject
""")
_UNSENT = text("""
    SELECT j.topic, j.subject, j.aggregateversion FROM pending JOIN journal j USING (id)
    WHERE j.county = :county AND j.topic = ANY(:all)
""")
_CELLS = text("""
    SELECT person, period, book, in_scope, CAST(sums AS text) AS sums, vetoes, CAST(months AS text) AS months,
           base_tenths, CAST(aspects AS text) AS aspects, total_tenths, carried_tenths, vetoed,
           CAST(adjustments AS text) AS adjustments, published_tenths
    FROM cells WHERE county = :county AND person = ANY(:people)
""")
