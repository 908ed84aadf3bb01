"""The live tallies of one process: what it has heard, and what a look at the ledger found."""

import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from prometheus_client import Counter, Gauge

from scoring.ids import PersonId
from scoring.tallies import events, repository
from scoring.tallies.domain.checking import Entry, Findings, Look, Waiting
from scoring.tallies.domain.index import Index
from scoring.tallies.domain.rows import Row, later

log = structlog.get_logger()

ROWS = Gauge("jinqiu_scoring_tallies_rows", "People whom the live tallies know, count.")
HEARD = Counter(
    "jinqiu_scoring_tallies_heard_total", "Events of scoring.points that the tallies heard, count.", ["what"]
)
COMPARED = Gauge("jinqiu_scoring_tallies_compared_rows", "Rows that the last look compared with the ledger, count.")
DIFFERENT = Gauge("jinqiu_scoring_tallies_different_rows", "Rows that say something else than the ledger, count.")
LATE = Gauge("jinqiu_scoring_tallies_late_rows", "Rows at another version than the ledger for over 60 s, count.")
LOOKED_AT = Gauge("jinqiu_scoring_tallies_looked_at_seconds", "When the last look ended, seconds since 1970.")


class NotRecovered(Exception):
    """The rows are still being read back."""

    def __init__(self) -> None:
        super().__init__("实时统计正在恢复，请稍后再试。")


@dataclass(slots=True)
class Tallies:
    """One event loop's: nothing here waits in the middle of a change."""

    index: Index = field(default_factory=Index)
    recovered: bool = False
    findings: Findings | None = None
    _waiting: Waiting = field(default_factory=Waiting)

    def hear(self, records: Iterable[bytes]) -> dict[PersonId, bytes]:
        """Take in events; return the rows that they changed, as the changelog keeps them."""
        changed: dict[PersonId, bytes] = {}
        for record in records:
            try:
                heard = events.row(record)
            except ValueError:
                # The relay sends what the outbox has checked. If it is lost here, the ledger's look will show it.
                log.exception("an event of scoring.points cannot be read")
                HEARD.labels("unreadable").inc()
                continue
            if heard and self._take(*heard):
                changed[heard[0]] = repository.dump(self.index.rows[heard[0]])
        ROWS.set(len(self.index.rows))
        return changed

    def _take(self, person: PersonId, row: Row) -> bool:
        before = self.index.rows.get(person)
        after = later(before, row) if before else row
        if after == before:
            HEARD.labels("known").inc()
            return False
        HEARD.labels("new").inc()
        self.index.put(person, after)
        return True

    def recover(self, kept: Iterable[tuple[str, bytes]]) -> None:
        """Begin anew with the rows that were read back."""
        self.index = Index.over((PersonId(person), repository.load(row)) for person, row in kept)
        self.recovered = True
        ROWS.set(len(self.index.rows))
        log.info("the live tallies are there", rows=len(self.index.rows))

    def require_recovered(self) -> None:
        """Raises NotRecovered."""
        if not self.recovered:
            raise NotRecovered

    async def compare(self, ledger: AsyncIterator[Sequence[Entry]]) -> Findings:
        """Look at everybody, and tell what differs."""
        look = Look(self._waiting, time.monotonic())
        async for chunk in ledger:
            look.chunk(chunk, self.index.rows)
        findings = look.end(self.index.rows, datetime.now(UTC))
        if look.different:
            people: Mapping[str, object] = {"people": [person for _, person in look.different[:20]]}
            log.error("the live tallies differ from the ledger", count=len(look.different), **people)
        if look.late:
            log.warning("the live tallies lag behind the ledger", count=len(look.late))
        _tell(findings)
        self.findings = findings
        return findings


def _tell(findings: Findings) -> None:
    COMPARED.set(findings.compared)
    DIFFERENT.set(findings.all_different)
    LATE.set(findings.all_late)
    LOOKED_AT.set(findings.at.timestamp())
