"""The ledger's SQL. Whoever calls `lock` first holds all that the other methods read and write."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.ids import CountyId, PersonId, Quarter
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.cells import Cell, Line, Total
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.freezing import Released
from scoring.ledger.repository import statements
from scoring.ledger.repository.rows import (
    account_of,
    account_row,
    cell_of,
    cell_row,
    columns,
    fact_of,
    fact_row,
    line_of,
    line_row,
    released_of,
)

CHUNK = 2000
Key = tuple[CountyId, PersonId]
FactKey = tuple[CountyId, PersonId, str]
CellKey = tuple[CountyId, PersonId, Quarter]


class LedgerRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def stubs(self, keys: Collection[Key]) -> dict[Key, PersonId]:
        """Make stubs of the unknown; of those that were merged say which entry goes on."""
        return await self._merged(statements.STUBS, keys)

    async def merged(self, keys: Collection[Key]) -> dict[Key, PersonId]:
        return await self._merged(statements.MERGED, keys)

    async def _merged(self, statement: Any, keys: Collection[Key]) -> dict[Key, PersonId]:
        rows = await self._session.execute(statement, columns(("counties", "people"), sorted(keys)))
        return {(row.county, row.person): PersonId(row.merged_into) for row in rows}

    async def lock(self, keys: Collection[Key]) -> dict[Key, Account]:
        """Hold all these accounts, in order of county and person."""
        rows = await self._session.execute(statements.LOCK, columns(("counties", "people"), sorted(keys)))
        return {(row.county, row.person): account_of(row) for row in rows}

    async def known(self, subjects: Collection[FactKey]) -> dict[Key, dict[str, Fact]]:
        """Find what is kept of these subjects."""
        return await self._facts(statements.KNOWN, ("counties", "people", "subjects"), subjects)

    async def facts(self, cells: Collection[CellKey]) -> dict[Key, dict[str, Fact]]:
        """Load every fact of these cells."""
        return await self._facts(statements.FACTS, ("counties", "people", "periods"), cells)

    async def all_facts(self, keys: Collection[Key]) -> dict[Key, list[Fact]]:
        """Load every fact of these accounts."""
        found = await self._facts(statements.ALL_FACTS, ("counties", "people"), keys)
        return {key: list(facts.values()) for key, facts in found.items()}

    async def _facts(self, statement: Any, names: Sequence[str], keys: Collection[Any]) -> dict[Key, dict[str, Fact]]:
        found: dict[Key, dict[str, Fact]] = defaultdict(dict)
        if keys:
            for row in await self._session.execute(statement, columns(names, keys)):
                found[row.county, row.person][row.subject] = fact_of(row)
        return found

    async def cells(self, keys: Collection[Key]) -> dict[Key, dict[Quarter, Cell]]:
        """Load every cell of these accounts."""
        found: dict[Key, dict[Quarter, Cell]] = defaultdict(dict)
        for row in await self._session.execute(statements.CELLS, columns(("counties", "people"), keys)):
            found[row.county, row.person][Quarter(row.period)] = cell_of(row)
        return found

    async def standing(self, cells: Collection[CellKey]) -> dict[Key, list[Line]]:
        """Load the lines of these cells that nothing has reversed and that reverse nothing."""
        found: dict[Key, list[Line]] = defaultdict(list)
        if cells:
            given = columns(("counties", "people", "periods"), cells)
            for row in await self._session.execute(statements.STANDING, given):
                found[row.county, row.person].append(line_of(row))
        return found

    async def lines(self, county: CountyId, person: PersonId, period: Quarter) -> list[Line]:
        """Load all lines of one cell, in the order in which they were written."""
        key = {"county": county, "person": person, "period": period}
        return [line_of(row) for row in await self._session.execute(statements.LINES, key)]

    async def save_facts(self, facts: Iterable[tuple[CountyId, Fact]]) -> None:
        """Keep facts; a lower version than the one that is kept changes nothing."""
        await self._write(statements.SAVE_FACTS, statements.FACT_COLUMNS, [fact_row(*each) for each in facts])

    async def save(
        self,
        accounts: Sequence[Account],
        cells: Sequence[tuple[Account, Cell, Total | None]],
        lines: Sequence[tuple[CountyId, Line]],
        now: datetime,
    ) -> None:
        """Write back what a batch has decided: accounts, cells with their totals, new lines."""
        await self._write(
            statements.SAVE_ACCOUNTS, statements.ACCOUNT_COLUMNS, [account_row(each) for each in accounts]
        )
        await self._write(statements.SAVE_CELLS, statements.CELL_COLUMNS, [cell_row(*each) for each in cells])
        rows = [line_row(*each, now) for each in lines]
        await self._write(statements.ADD_LINES, statements.LINE_COLUMNS, rows)

    async def _write(self, statement: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            await self._session.execute(statement, columns(names, rows))

    async def left_behind(self, after: Key, most: int) -> list[Key]:
        """Name accounts behind this one that have not seen their county's last opening, in order.

        Empty also while another worker is at it.
        """
        if not await self._session.scalar(_ALONE):
            return []
        rows = await self._session.execute(
            statements.LEFT_BEHIND, {"county": after[0], "person": after[1], "most": most}
        )
        return [(CountyId(row.county), PersonId(row.person)) for row in rows]

    async def account(self, county: CountyId, person: PersonId) -> Account | None:
        """Read one account without a lock."""
        return (await self.accounts([(county, person)])).get((county, person))

    async def accounts(self, keys: Collection[Key]) -> dict[Key, Account]:
        """Read these accounts without a lock; who is not known is absent."""
        rows = await self._session.execute(statements.ACCOUNTS, columns(("counties", "people"), sorted(keys)))
        return {(row.county, row.person): account_of(row) for row in rows}

    async def released(self, county: CountyId, periods: Collection[Quarter], day: date) -> AsyncIterator[Released]:
        """Stream what closes published, in the order of the people's ids: of an account no more than that."""
        rows = await self._session.stream(statements.RELEASED, {"county": county, "periods": sorted(periods)})
        async for chunk in rows.partitions(CHUNK):
            for row in chunk:
                yield released_of(row, day)

    async def people_after(self, county: CountyId, after: PersonId, most: int) -> list[PersonId]:
        """Name people who have a cell, a chunk at a time."""
        given = {"county": county, "after": after, "most": most}
        return [PersonId(row.person) for row in await self._session.execute(statements.PEOPLE_AFTER, given)]

    async def pending(self, county: CountyId) -> int:
        return int(await self._session.scalar(statements.PENDING, {"county": county}) or 0)


_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtext('rate accounts left behind in ' || current_schema()))")
