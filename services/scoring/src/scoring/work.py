"""What a use case works with: one object a transaction, made by the edge or the runner, committed there."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils import uuid7

from bus.outbox import Outbox
from kit.tokens import Principal
from scoring.branches.repository import OrganisationRepository
from scoring.closing.repository import CourseRepository
from scoring.events import Cause
from scoring.exemptions.repository import ExemptionRepository
from scoring.ids import CountyId
from scoring.judgements.repository import JudgementRepository
from scoring.ledger.repository import LedgerRepository
from scoring.notices.repository import NoticeRepository
from scoring.objections.repository import ObjectionRepository
from scoring.periods.domain import shanghai_day
from scoring.periods.repository import PeriodRepository
from scoring.rulebooks.repository import BookRepository
from scoring.years.repository import YearRepository


class NoCounty(Exception):
    """A transaction that mixes counties, or an operator's, was asked which county it is in."""

    def __init__(self) -> None:
        super().__init__("积分只对本县的人开放，您的登录不属于任何一个县。")


class Work:
    """Session, outbox, clock and the repositories of one transaction. `now` is UTC; application code never commits."""

    def __init__(
        self, session: AsyncSession, outbox: Outbox, now: datetime, county: CountyId | None, correlation: str
    ) -> None:
        self.session = session
        self.outbox = outbox
        self.now = now
        self.correlation = correlation
        self._county = county
        self.ledger = LedgerRepository(session)
        self.periods = PeriodRepository(session)
        self.books = BookRepository(session)
        self.organisations = OrganisationRepository(session)
        self.courses = CourseRepository(session)
        self.judgements = JudgementRepository(session)
        self.exemptions = ExemptionRepository(session)
        self.notices = NoticeRepository(session)
        self.objections = ObjectionRepository(session)
        self.years = YearRepository(session)

    @property
    def county(self) -> CountyId:
        """Whose rows this transaction may touch. Raises NoCounty."""
        if self._county is None:
            raise NoCounty
        return self._county

    @property
    def today(self) -> date:
        """The booking day, in Asia/Shanghai."""
        return shanghai_day(self.now)

    def asked_by(self, by: Principal, origin: str = "desk") -> Cause:
        """What the events of a person's request go back to."""
        return Cause(self.correlation, actor=by.user, origin=origin)

    def new_id(self) -> str:
        return str(uuid7())
