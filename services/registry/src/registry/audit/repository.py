"""Who read or did what the law wants known, written in the transaction that did it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.database import NO_COUNTY
from registry.ids import CountyId
from registry.metadata import KIT


@dataclass(frozen=True, slots=True)
class Trace:
    """One line of the trail: ids, field names and a coded reason, never a value; of a roster, how many rows."""

    actor: str
    action: str
    subject: str
    field: str | None = None
    reason: str | None = None


class AuditRepository:
    def __init__(self, session: AsyncSession, county: CountyId | None, request: str) -> None:
        self._session, self._county, self._request = session, county or NO_COUNTY, request

    async def add(self, traces: Sequence[Trace]) -> None:
        rows = [
            {
                "county": self._county,
                "actor": trace.actor,
                "action": trace.action,
                "subject": trace.subject,
                "field": trace.field,
                "reason": trace.reason,
                "request_id": self._request,
            }
            for trace in traces
        ]
        if rows:
            await self._session.execute(insert(KIT.audit), rows)
