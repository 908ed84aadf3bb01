"""What a use case works with: one object a transaction, made by the edge, committed by the edge."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils import uuid7

from bus.outbox import Outbox
from registry.activities.repository import ActivityRepository
from registry.ids import CountyId
from registry.memberships.repository import MembershipRepository
from registry.organisations.repository import OrganisationRepository
from registry.taxonomies.repository import TaxonomyRepository


class NoCounty(Exception):
    """An operator's transaction touched a county's rows without entering one."""


class Work:
    """Session, outbox, clock and the repositories of one transaction. `now` is UTC; application code never commits.

    One repository a noun, as a property of two lines: made when asked for, so that an operator's work needs no county.
    """

    def __init__(
        self, session: AsyncSession, outbox: Outbox, now: datetime, county: CountyId | None, correlation: str
    ) -> None:
        self.session = session
        self.outbox = outbox
        self.now = now
        self.correlation = correlation
        self._county = county

    @property
    def county(self) -> CountyId:
        """Whose rows this transaction may touch. Raises NoCounty in an operator's."""
        if self._county is None:
            raise NoCounty
        return self._county

    def new_id(self) -> str:
        return str(uuid7())

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
