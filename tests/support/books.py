"""A county's books in a real database, under the api role: makers that hide what does not matter, and what was told.

`async with books.work() as work:` is one use case's transaction, committed on leaving. Every test has a county of its
own in a database that the run shares.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from sqlalchemy import text
from uuid_utils import uuid7

from bus.outbox import Outbox
from contracts.envelope import Envelope, decode
from kit.database import Sessions
from kit.tokens import Principal
from registry.activities import handlers as activities
from registry.activities.domain import Entry, Mode, Occasion, Outcome
from registry.activities.handlers import RecordAttendance
from registry.ids import ActivityId, CountyId, OrganisationId, PersonId
from registry.memberships import handlers as memberships
from registry.memberships.domain import Kind as MembershipKind
from registry.memberships.handlers import Join
from registry.metadata import BUS
from registry.organisations import handlers as organisations
from registry.organisations.domain import Kind, Organisation
from registry.organisations.handlers import FoundOrganisation
from registry.people import domain as people
from registry.people.domain import Standing
from registry.people.repository import Particulars
from registry.sealing import Seals
from registry.taxonomies import handlers as taxonomies
from registry.taxonomies.domain import Code, Due, ListName
from registry.taxonomies.handlers import AdoptTaxonomy
from registry.work import Work

NOW = datetime(2022, 9, 30, 2, tzinfo=UTC)
FOUNDED = date(2010, 1, 1)
SEALS = Seals([b"f" * 32], b"l" * 32)
LISTS = {
    ListName.ACTIVITY_KIND: (
        Code("party-day", "主题党日", due=Due.ALL, party_life=True),
        Code("committee-meeting", "支部委员会", due=Due.COMMITTEE, party_life=True),
        Code("group-meeting", "党小组会", due=Due.GROUP, party_life=True),
        Code("volunteering", "志愿服务", due=Due.NONE),
    ),
    ListName.THEME: (Code("loyalty", "对党忠诚"), Code("old", "旧主题", until=date(2022, 1, 1))),
    ListName.PLACE_KIND: (Code("activity-room", "活动室"),),
    ListName.HOST: (Code("sunshine-home", "阳光家园"),),
}


def new_id() -> str:
    return str(uuid7())


class Books:
    """`desk` may do everything that the county's desk may."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.county = CountyId(new_id())
        self.desk = self.principal("desk")
        self.admin = self.principal("county_admin")

    def principal(self, role: str, *organisations: OrganisationId) -> Principal:
        return Principal(new_id(), self.county, role, organisations)

    async def open(self) -> None:
        """Enter the county and its lists of codes."""
        async with self.sessions.begin(None) as session:
            row = {"county": self.county, "word": f"c{self.county[-12:]}", "at": NOW}
            await session.execute(_COUNTY, row)
        async with self.work() as work:
            for name, codes in LISTS.items():
                await taxonomies.adopt_taxonomy(work, AdoptTaxonomy(name, codes), self.admin)

    @asynccontextmanager
    async def work(self, now: datetime = NOW) -> AsyncIterator[Work]:
        async with self.sessions.begin(self.county) as session:
            outbox = Outbox(session, BUS, "registry")
            yield Work(session, outbox, SEALS, now=now, county=self.county, correlation=new_id())

    async def found(
        self, kind: Kind = Kind.BRANCH, parent: Organisation | None = None, founded_on: date = FOUNDED
    ) -> Organisation:
        command = FoundOrganisation(kind, "示例组织", founded_on, None, parent.id if parent else None)
        async with self.work() as work:
            return await organisations.found_organisation(work, command, self.desk)

    async def people(self, count: int) -> list[PersonId]:
        standing = Standing(people.Kind.TUIXIU, party_member=True, rank=None, township=None, residence=None)
        made = [people.register(PersonId(new_id()), standing) for _ in range(count)]
        async with self.work() as work:
            await work.people.add([(person, Particulars(name="示例姓名")) for person in made], NOW)
        return [person.id for person in made]

    async def members(self, organisation: Organisation, count: int, since: date = FOUNDED) -> list[PersonId]:
        """New people whose home it is, or who belong to it beside no home at all."""
        kind = MembershipKind.HOME if organisation.kind is Kind.BRANCH else MembershipKind.FURTHER
        joined = await self.people(count)
        async with self.work() as work:
            for person in joined:
                await memberships.join(work, Join(person, organisation.id, kind, since), self.desk)
        return joined

    async def plan(self, *hosts: Organisation, kind: str = "party-day", day: date = date(2022, 3, 15)) -> ActivityId:
        async with self.work() as work:
            return (await activities.plan_activity(work, occasion(*hosts, kind=kind, day=day), self.desk)).id

    async def record(self, activity: ActivityId, outcome: Outcome, *attending: PersonId) -> None:
        entries = tuple(Entry(person, outcome, "desk") for person in attending)
        async with self.work() as work:
            await activities.record_attendance(work, RecordAttendance(activity, entries), self.desk)

    async def close(self, activity: ActivityId) -> None:
        async with self.work() as work:
            await activities.close_activity(work, activity, self.desk)

    async def told(self, topic: str, subject: str | None = None) -> list[Envelope]:
        """What was published on a topic, in order."""
        async with self.sessions.begin(self.county) as session:
            rows = await session.execute(_TOLD, {"county": self.county, "topic": topic, "subject": subject})
            return [decode(value) for value in rows.scalars()]

    async def wait_for_a_lock(self) -> None:
        """Until some transaction of this database waits for another one's row."""
        async with asyncio.timeout(10), self.sessions.begin(self.county) as session:
            while not (await session.execute(_WAITING)).scalar_one():  # noqa: ASYNC110 — only PostgreSQL knows
                await asyncio.sleep(0.01)


def occasion(*hosts: Organisation, kind: str = "party-day", day: date = date(2022, 3, 15)) -> Occasion:
    """From nine to eleven in Shanghai."""
    return Occasion(
        kind=kind,
        theme=None,
        mode=Mode.ASSEMBLED,
        hosts=tuple(host.id for host in hosts),
        place=None,
        starts=datetime(day.year, day.month, day.day, 1, tzinfo=UTC),
        ends=datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
    )


_COUNTY = text("""
    INSERT INTO counties (county, word, name, version, established_at) VALUES (:county, :word, '示例县', 1, :at)
""")
_TOLD = text("""
    SELECT value FROM journal
    WHERE county = :county AND topic = :topic AND (CAST(:subject AS text) IS NULL OR subject = :subject) ORDER BY id
""")
_WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()"
)
