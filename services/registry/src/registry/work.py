"""What a use case works with: one object a transaction, made by the edge, committed by the edge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils import uuid7

from bus.outbox import Outbox
from kit.database import NO_COUNTY, inside
from registry.activities.repository import ActivityRepository
from registry.audit.repository import AuditRepository
from registry.counties.repository import CountyRepository
from registry.ids import CountyId
from registry.memberships.repository import MembershipRepository
from registry.organisations.repository import OrganisationRepository
from registry.people.repository import PeopleRepository
from registry.rosters.repository import RosterRepository
from registry.sealing import Seals
from registry.taxonomies.repository import TaxonomyRepository
from registry.users.repository import UserRepository


class NoCounty(Exception):
    """An operator's transaction touched a county's rows without entering one."""

    def __init__(self) -> None:
        super().__init__("运维人员不办理各县的业务，也看不到各县的人员。")


class Work:
    """Session, outbox, clock and the repositories of one transaction. `now` is UTC; application code never commits.

    One repository a noun, as a property of two lines: made when asked for, so that an operator's work needs no county.
    """

    def __init__(  # noqa: PLR0913 — what a transaction stands on
        self,
        session: AsyncSession,
        outbox: Outbox,
        seals: Seals,
        *,
        now: datetime,
        county: CountyId | None,
        correlation: str,
    ) -> None:
        self.session = session
        self.outbox = outbox
        self.seals = seals
        self.now = now
        self.correlation = correlation
        self._county = county

    @property
    def county(self) -> CountyId:
        """Whose rows this transaction may touch. Raises NoCounty in an operator's."""
        if self._county is None:
            raise NoCounty
        return self._county

    @asynccontextmanager
    async def inside(self, county: CountyId | None) -> AsyncIterator[None]:
        """Let an operator's or a sign-in's transaction act in one county (None: in none) for a few statements."""
        before, self._county = self._county, county
        async with inside(self.session, county or NO_COUNTY):
            yield
        self._county = before

    def new_id(self) -> str:
        return str(uuid7())

    @property
    def counties(self) -> CountyRepository:
        return CountyRepository(self.session)

    @property
    def users(self) -> UserRepository:
        return UserRepository(self.session, self._county)

    @property
    def people(self) -> PeopleRepository:
        return PeopleRepository(self.session, self.county, self.seals)

    @property
    def rosters(self) -> RosterRepository:
        return RosterRepository(self.session, self.county)

    @property
    def audit(self) -> AuditRepository:
        return AuditRepository(self.session, self._county, self.correlation)

    @property
    def taxonomies(self) -> TaxonomyRepository:
        return TaxonomyRepository(self.session, self.county)

    @property
    def organisations(self) -> OrganisationRepository:
        return OrganisationRepository(self.session, self.county)

    @property
    def memberships(self) -> MembershipRepository:
        return MembershipRepository(self.session, self.county)

    @property
    def activities(self) -> ActivityRepository:
        return ActivityRepository(self.session, self.county)
