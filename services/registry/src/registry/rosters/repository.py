from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from registry.ids import CountyId
from registry.rosters.domain.reading import Fault
from registry.rosters.tables import RosterRow


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of an uploaded roster; in a dry run, what would have."""

    id: str
    dry_run: bool
    registered: int
    changed: int
    unchanged: int
    ignored: tuple[str, ...]
    faults: tuple[Fault, ...]


class RosterRepository:
    def __init__(self, session: AsyncSession, county: CountyId) -> None:
        self._session, self._county = session, county

    async def add(self, upload: Upload, at: datetime, by: str) -> None:
        row = {
            "county": self._county,
            "id": upload.id,
            "dry_run": upload.dry_run,
            "registered": upload.registered,
            "changed": upload.changed,
            "unchanged": upload.unchanged,
            "ignored": list(upload.ignored),
            "faults": [fault.place() for fault in upload.faults],
            "uploaded_at": at,
            "uploaded_by": by,
        }
        await self._session.execute(insert(RosterRow), [row])
