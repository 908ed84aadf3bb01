from datetime import date

from sqlalchemy import RowMapping, text

from registry.ids import OrganisationId, PersonId
from registry.work import Work


async def memberships_of(work: Work, person: PersonId, limit: int, after: tuple[date, str] | None) -> list[RowMapping]:
    """One more than asked for, by first day and organisation."""
    since, organisation = after or (None, None)
    asked = {"county": work.county, "person": person, "limit": limit + 1, "since": since, "organisation": organisation}
    return list((await work.session.execute(_OF_PERSON, asked)).mappings())


async def members_on(
    work: Work, organisation: OrganisationId, day: date, limit: int, after: str | None
) -> list[RowMapping]:
    """One more than asked for, by person."""
    asked = {"county": work.county, "organisation": organisation, "day": day, "limit": limit + 1, "after": after}
    return list((await work.session.execute(_OF_ORGANISATION, asked)).mappings())


_OF_PERSON = text("""
    SELECT organisation, organisations.name, memberships.kind, since, until
    FROM memberships JOIN organisations
      ON organisations.county = memberships.county AND organisations.id = memberships.organisation
    WHERE memberships.county = :county AND person = :person
      AND (CAST(:since AS date) IS NULL OR (since, organisation) > (CAST(:since AS date), CAST(:organisation AS text)))
    ORDER BY since, organisation LIMIT :limit
""")
_OF_ORGANISATION = text("""
    SELECT person, people.name, memberships.kind, since, until
    FROM memberships JOIN people ON people.county = memberships.county AND people.id = memberships.person
    WHERE memberships.county = :county AND organisation = :organisation
      AND since <= :day AND (until IS NULL OR until > :day) AND people.merged_into IS NULL
      AND (CAST(:after AS text) IS NULL OR person > :after)
    ORDER BY person LIMIT :limit
""")
