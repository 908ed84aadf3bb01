from collections.abc import Collection
from datetime import date

from sqlalchemy import TextClause, delete, insert, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from registry.ids import CountyId, OrganisationId, PersonId
from registry.memberships.domain import History, Kind, Seat, Spell
from registry.memberships.tables import MembershipRow

Organisations = Collection[OrganisationId]


class MembershipRepository:
    """A person's history is guarded by the person's own row: lock that first."""

    def __init__(self, session: AsyncSession, county: CountyId) -> None:
        self._session, self._county = session, county

    async def of(self, person: PersonId) -> History:
        key = {"county": self._county, "person": person}
        version = (await self._session.execute(_VERSION, key)).scalar_one_or_none()
        rows = (await self._session.execute(_SPELLS, key)).all()
        spells = (Spell(OrganisationId(org), Kind(kind), since, until) for org, kind, since, until in rows)
        return History(person, tuple(spells), version or 0)

    async def save(self, history: History) -> None:
        """Write the history as a whole, in the order of its days."""
        key = {"county": self._county, "person": history.person}
        await self._session.execute(_WRITE_VERSION, {**key, "version": history.version})
        old = col(MembershipRow.county) == self._county, col(MembershipRow.person) == history.person
        await self._session.execute(delete(MembershipRow).where(*old))
        rows = [
            {**key, "organisation": s.organisation, "kind": s.kind.value, "since": s.since, "until": s.until}
            for s in history.spells
        ]
        if rows:
            await self._session.execute(insert(MembershipRow), rows)

    async def members_on(self, organisations: Organisations, day: date) -> frozenset[PersonId]:
        """Who belongs to one of them, had not moved away by then, and is nobody's second entry."""
        return await self._people(_MEMBERS, organisations, day)

    async def committee_on(self, organisations: Organisations, day: date) -> frozenset[PersonId]:
        """Who holds a seat, is a member still, had not moved away by then, and is nobody's second entry."""
        return await self._people(_COMMITTEE, organisations, day)

    async def seat(self, organisation: OrganisationId, person: PersonId) -> Seat | None:
        """The person's last seat there."""
        key = {"county": self._county, "organisation": organisation, "person": person}
        row = (await self._session.execute(_SEAT, key)).one_or_none()
        return Seat(organisation, person, row.since, row.until) if row else None

    async def save_seat(self, seat: Seat) -> None:
        key = {"county": self._county, "organisation": seat.organisation, "person": seat.person}
        await self._session.execute(_WRITE_SEAT, {**key, "since": seat.since, "until": seat.until})

    async def _people(self, query: TextClause, organisations: Organisations, day: date) -> frozenset[PersonId]:
        asked = {"county": self._county, "organisations": list(organisations), "day": day}
        people = list((await self._session.execute(query, asked)).scalars())
        away = await self._session.execute(_AWAY, {"county": self._county, "people": people, "day": day})
        return frozenset(map(PersonId, people)) - frozenset(away.scalars())


_VERSION = text("SELECT version FROM membership_histories WHERE county = :county AND person = :person")
_SPELLS = text("""
    SELECT organisation, kind, since, until FROM memberships
    WHERE county = :county AND person = :person ORDER BY since, kind DESC, organisation
""")
_WRITE_VERSION = text("""
    INSERT INTO membership_histories (county, person, version) VALUES (:county, :person, :version)
    ON CONFLICT (county, person) DO UPDATE SET version = excluded.version
""")
_MEMBERS = text("""
    SELECT DISTINCT person FROM memberships
    WHERE county = :county AND organisation = ANY(:organisations)
      AND since <= :day AND (until IS NULL OR until > :day)
""")
_COMMITTEE = text("""
    SELECT DISTINCT seat.person FROM committee_seats AS seat
    JOIN memberships AS member USING (county, organisation, person)
    WHERE seat.county = :county AND seat.organisation = ANY(:organisations)
      AND seat.since <= :day AND (seat.until IS NULL OR seat.until > :day)
      AND member.since <= :day AND (member.until IS NULL OR member.until > :day)
""")
# As registry.people.domain.Person.away_on has it: the last change of status until that day was a move. An entry that
# was merged was nobody of its own on any day.
_AWAY = text("""
    SELECT id FROM people WHERE county = :county AND id = ANY(:people) AND (merged_into IS NOT NULL OR 'moved' = (
        SELECT each ->> 'status' FROM jsonb_array_elements(statuses) WITH ORDINALITY AS told (each, place)
        WHERE CAST(each ->> 'since' AS date) <= :day ORDER BY place DESC LIMIT 1
    ))
""")
_SEAT = text("""
    SELECT since, until FROM committee_seats
    WHERE county = :county AND organisation = :organisation AND person = :person ORDER BY since DESC LIMIT 1
""")
_WRITE_SEAT = text("""
    INSERT INTO committee_seats (county, organisation, person, since, until)
    VALUES (:county, :organisation, :person, :since, :until)
    ON CONFLICT (county, organisation, person, since) DO UPDATE SET until = excluded.until
""")
