"""How objections are kept."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.ids import CountyId, PersonId, Quarter
from scoring.objections.domain import (
    AlreadyObjected,
    Filing,
    Hearing,
    Objection,
    ObjectionNotFound,
    State,
)


class ObjectionRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def hearing(self, county: CountyId, period: str) -> Hearing | None:
        """Where the quarter or year stands; None: the county has not opened or evaluated it."""
        row = (await self._session.execute(_HEARING, {"county": county, "period": period})).first()
        return None if row is None else Hearing(period, row.state, row.published_on, row.objections_until)

    async def add(self, county: CountyId, objection: Objection, entries: Collection[PersonId], now: datetime) -> None:
        """Keep it with what stands now. `entries`: all of the person, held. Raises AlreadyObjected."""
        key = {
            "county": county, "id": objection.id, "by": objection.filed_by, "now": now, "entries": sorted(entries),
        }  # fmt: skip
        try:
            await self._session.execute(_INSERT, {**key, **asdict(objection.filing)})
        except IntegrityError as error:
            raise AlreadyObjected(objection.filing.period) from error

    async def lock(self, county: CountyId, objection: str) -> Objection:
        """Hold an objection that may be answered; an answer is not read back. Raises ObjectionNotFound.

        Nobody else asks for it while holding an account, so it may come before the accounts.
        """
        row = (await self._session.execute(_LOCK, {"county": county, "id": objection})).first()
        if row is None:
            raise ObjectionNotFound(objection)
        behalf = PersonId(row.on_behalf_of) if row.on_behalf_of else None
        filing = Filing(PersonId(row.person), row.period, row.filed_on, row.origin, row.statement, on_behalf_of=behalf)
        return Objection(row.id, filing, row.filed_by, State(row.state), stood=row.stood)

    async def moved(self, county: CountyId, entries: Collection[PersonId], fact: str | None, period: str) -> bool:
        """Whether what a fact (None: the class) brings a quarter of this period changed after its close."""
        given = {"county": county, "people": sorted(entries), "fact": fact, "period": period}
        return (await self._session.execute(_MOVED, given)).first() is not None

    async def exempted(self, county: CountyId, exemption: str, objection: Objection) -> bool:
        """Whether an exemption that reaches a quarter of it was granted or changed after the close, or since."""
        given = {
            "county": county, "exemption": exemption, "objection": objection.id, "period": objection.filing.period,
        }  # fmt: skip
        return (await self._session.execute(_EXEMPTED, given)).first() is not None

    async def decided(self, county: CountyId, entries: Collection[PersonId], period: str, by: str) -> bool:
        """Whether this login decided something against the person in this period that still stands."""
        given = {"county": county, "people": sorted(entries), "period": period, "by": by}
        return (await self._session.execute(_DECIDED, given)).first() is not None

    async def save(self, county: CountyId, answered: Objection, now: datetime) -> None:
        """Keep the answer. The row is held."""
        given = answered.answer
        row = {
            "county": county, "id": answered.id, "state": answered.state, "version": answered.version,
            "by": answered.answered_by, "now": now, "reason": given and given.reason,
            "correction": given and given.correction,
        }  # fmt: skip
        await self._session.execute(_ANSWER, row)

    async def is_open(self, county: CountyId, people: Collection[PersonId], period: str) -> bool:
        """Whether an objection of one of these to this period waits for an answer."""
        given = {"county": county, "people": sorted(people), "period": period}
        return (await self._session.execute(_IS_OPEN, given)).first() is not None

    async def open_count(self, county: CountyId, period: Quarter) -> int:
        return int(await self._session.scalar(_OPEN, {"county": county, "period": period}) or 0)


_HEARING = text("""
    SELECT state, published_on, objections_until FROM periods WHERE county = :county AND period = :period
    UNION ALL
    SELECT 'evaluated', published_on, objections_until FROM years
    WHERE county = :county AND CAST(year AS text) = :period
""")
_INSERT = text("""
    INSERT INTO objections (county, id, person, period, filed_on, filed_by, filed_at, origin, on_behalf_of, statement,
        state, version, stood)
    VALUES (:county, :id, :person, :period, :filed_on, :by, :now, :origin, :on_behalf_of, :statement, 'filed', 1, (
        SELECT jsonb_object_agg(stands.subject, stands.version) FROM (
            SELECT subject, version FROM facts
            WHERE county = CAST(:county AS varchar) AND person = CAST(:person AS varchar)
              AND starts_with(period, CAST(:period AS varchar))
            UNION ALL SELECT person, person_version FROM accounts
            WHERE county = CAST(:county AS varchar) AND person = ANY(:entries)
        ) AS stands (subject, version)
    ))
""")
_LOCK = text("""
    SELECT id, person, period, filed_on, filed_by, origin, on_behalf_of, statement, state, stood
    FROM objections WHERE county = :county AND id = :id FOR UPDATE
""")
_ANSWER = text("""
    UPDATE objections
    SET state = :state, version = :version, answered_by = :by, answered_at = :now, reason = :reason,
        correction = :correction
    WHERE county = :county AND id = :id
""")
_MOVED = text("""
    SELECT 1 FROM lines l JOIN periods p USING (county, period)
    WHERE l.county = :county AND l.person = ANY(:people) AND starts_with(l.period, :period)
      AND l.fact IS NOT DISTINCT FROM CAST(:fact AS varchar) AND l.written_at > p.closed_at
    LIMIT 1
""")
_EXEMPTED = text("""
    SELECT 1 FROM exemptions e JOIN periods p USING (county) JOIN objections o USING (county)
    WHERE e.county = :county AND e.id = :exemption AND o.id = :objection AND starts_with(p.period, :period)
      AND e.since <= p.ends_on AND coalesce(e.changed_at, e.granted_at) > least(p.closed_at, o.filed_at)
    LIMIT 1
""")
_DECIDED = text("""
    SELECT 1 FROM judgements
    WHERE county = :county AND person = ANY(:people) AND starts_with(period, :period) AND decided_by = :by
      AND (state = 'confirmed' AND kind <> 'appraisal' OR state = 'refused' AND kind = 'appraisal')
    LIMIT 1
""")
_IS_OPEN = text("""
    SELECT 1 FROM objections
    WHERE county = :county AND person = ANY(:people) AND period = :period AND state = 'filed'
""")
_OPEN = text("SELECT count(*) FROM objections WHERE county = :county AND period = :period AND state = 'filed'")
