"""How judgements are kept. Whoever writes one holds its person's account, and then its row."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.homes import HOME_ON
from scoring.ids import CountyId, OrganisationId, PersonId, Quarter
from scoring.judgements.domain import About, Judgement, JudgementId, JudgementNotFound, Kind, State

Source = tuple[CountyId, str]


class JudgementRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, county: CountyId, id_: str) -> Judgement:
        """Read one without holding it. Raises JudgementNotFound."""
        return await self._one(_FIND, county, id_)

    async def lock(self, county: CountyId, id_: str) -> Judgement:
        """Hold one, and read it as it is now. Raises JudgementNotFound."""
        return await self._one(_LOCK, county, id_)

    async def _one(self, statement: Any, county: CountyId, id_: str) -> Judgement:
        found = (await self._session.execute(statement, {"county": county, "id": id_})).first()
        if found is None:
            raise JudgementNotFound
        return _judgement(found)

    async def of_sources(self, sources: Collection[Source]) -> dict[CountyId, dict[JudgementId, Judgement]]:
        """Hold every judgement that one of these facts proposed."""
        counties, subjects = zip(*sorted(sources), strict=True) if sources else ((), ())
        given = {"counties": list(counties), "subjects": list(subjects)}
        kept: dict[CountyId, dict[JudgementId, Judgement]] = defaultdict(dict)
        for row in await self._session.execute(_OF_SOURCES, given):
            kept[CountyId(row.county)][JudgementId(row.id)] = _judgement(row)
        return kept

    async def by_hand(self, county: CountyId, people: Collection[PersonId]) -> list[Judgement]:
        """Hold what people proposed to take from these, and nobody decided on: what is proposed, and what lapsed."""
        given = {"county": county, "people": sorted(people)}
        return [_judgement(row) for row in await self._session.execute(_BY_HAND, given)]

    async def is_appraised(self, county: CountyId, people: Collection[PersonId], about: About) -> bool:
        """Whether one of these people has a live appraisal of this item for this span."""
        given = {
            "county": county, "people": sorted(people), "item": about.item, "period": about.period,
            "month": about.month or "",
        }  # fmt: skip
        return (await self._session.execute(_APPRAISED, given)).first() is not None

    async def is_deducted(self, county: CountyId, people: Collection[PersonId], about: About) -> bool:
        """Whether something live takes away from one of these people by this item on this day, whoever proposed it."""
        given = {"county": county, "people": sorted(people), "item": about.item, "day": about.day}
        return (await self._session.execute(_DEDUCTED, given)).first() is not None

    async def open_proposals(self, county: CountyId, period: Quarter) -> int:
        return int(await self._session.scalar(_OPEN, {"county": county, "period": period}) or 0)

    async def save(self, judgements: Sequence[tuple[CountyId, Judgement]], now: datetime) -> None:
        """Keep judgements as they are now. The times are those at which each name first stood where it stands."""
        if rows := [_row(*each, now) for each in judgements]:
            await self._session.execute(_SAVE, rows)

    async def alike(self, county: CountyId, person: PersonId) -> list[PersonId]:
        """The person and everybody merged into them."""
        rows = await self._session.execute(_ALIKE, {"county": county, "person": person})
        return [PersonId(row.person) for row in rows]

    async def at_home(self, county: CountyId, branches: Collection[OrganisationId], day: date) -> list[PersonId]:
        """Everybody who is at home in one of these on the day, with all who were merged into them."""
        given = {"county": county, "branches": sorted(branches), "day": day}
        return [PersonId(row.person) for row in await self._session.execute(_AT_HOME, given)]


def _judgement(row: Any) -> Judgement:
    about = About(
        person=PersonId(row.person),
        kind=Kind(row.kind),
        item=row.item,
        period=Quarter(row.period),
        day=row.day,
        grade=row.grade,
        month=row.month,
        source=row.source,
    )
    return Judgement(
        id=JudgementId(row.id),
        about=about,
        proposed_by=row.proposed_by,
        recorders=frozenset(row.recorders),
        state=State(row.state),
        told=row.told,
        decided_by=row.decided_by,
        withdrawn_by=row.withdrawn_by,
        grounds=row.grounds,
        reason=row.reason,
    )


def _row(county: CountyId, judgement: Judgement, now: datetime) -> dict[str, Any]:
    about = judgement.about
    return {
        "county": county, "id": judgement.id, "person": about.person, "kind": about.kind, "item": about.item,
        "grade": about.grade, "period": about.period, "month": about.month, "day": about.day, "source": about.source,
        "state": judgement.state, "told": judgement.told, "now": now,
        "proposed_by": judgement.proposed_by, "recorders": sorted(judgement.recorders),
        "decided_by": judgement.decided_by, "decided_at": now if judgement.decided_by is not None else None,
        "withdrawn_by": judgement.withdrawn_by, "withdrawn_at": now if judgement.state is State.WITHDRAWN else None,
        "grounds": judgement.grounds, "reason": judgement.reason,
    }  # fmt: skip


_FIND = text("SELECT * FROM judgements WHERE county = :county AND id = :id")
_LOCK = text("SELECT * FROM judgements WHERE county = :county AND id = :id FOR UPDATE")
_OF_SOURCES = text("""
    SELECT j.* FROM judgements j
    JOIN unnest(CAST(:counties AS text[]), CAST(:subjects AS text[])) AS given (county, source) USING (county, source)
    ORDER BY j.county, j.id FOR UPDATE OF j
""")
_BY_HAND = text("""
    SELECT * FROM judgements
    WHERE county = :county AND person = ANY(:people) AND source IS NULL AND kind <> 'appraisal'
      AND (state = 'proposed' OR state = 'withdrawn' AND withdrawn_by IS NULL)
    ORDER BY id FOR UPDATE
""")
_APPRAISED = text("""
    SELECT 1 FROM judgements
    WHERE county = :county AND person = ANY(:people) AND item = :item AND period = :period
      AND coalesce(month, '') = :month AND kind = 'appraisal' AND state IN ('proposed', 'confirmed')
""")
_DEDUCTED = text("""
    SELECT 1 FROM judgements
    WHERE county = :county AND person = ANY(:people) AND item = :item AND day = :day
      AND kind <> 'appraisal' AND state IN ('proposed', 'confirmed')
""")
_OPEN = text("SELECT count(*) FROM judgements WHERE county = :county AND period = :period AND state = 'proposed'")
_SAVE = text("""
    INSERT INTO judgements AS held (county, id, person, kind, item, grade, period, month, day, source, state, told,
        proposed_by, recorders, proposed_at, decided_by, decided_at, withdrawn_by, withdrawn_at, grounds, reason)
    VALUES (:county, :id, :person, :kind, :item, :grade, :period, :month, :day, :source, :state, :told,
        :proposed_by, CAST(:recorders AS text[]), :now, :decided_by, :decided_at, :withdrawn_by, :withdrawn_at,
        :grounds, :reason)
    ON CONFLICT (county, id) DO UPDATE SET
        period = excluded.period, day = excluded.day, state = excluded.state, told = excluded.told,
        proposed_by = excluded.proposed_by, recorders = excluded.recorders,
        proposed_at = CASE WHEN excluded.state = 'proposed' AND held.state <> 'proposed'
            THEN excluded.proposed_at ELSE held.proposed_at END,
        decided_by = excluded.decided_by,
        decided_at = CASE WHEN excluded.decided_by = held.decided_by THEN held.decided_at ELSE excluded.decided_at END,
        withdrawn_by = excluded.withdrawn_by, withdrawn_at = excluded.withdrawn_at, reason = excluded.reason
""")
_ALIKE = text("""
    WITH RECURSIVE alike (person) AS (
        VALUES (CAST(:person AS varchar))
        UNION SELECT a.person FROM accounts a JOIN alike ON a.merged_into = alike.person WHERE a.county = :county
    )
    SELECT person FROM alike ORDER BY person
""")
_AT_HOME = text(f"""
    WITH RECURSIVE here (person) AS (
        SELECT a.person FROM accounts a
        WHERE a.county = :county AND a.merged_into IS NULL AND {HOME_ON} = ANY(:branches)
        UNION SELECT a.person FROM accounts a JOIN here ON a.merged_into = here.person WHERE a.county = :county
    )
    SELECT person FROM here
""")  # noqa: S608
