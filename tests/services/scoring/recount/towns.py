"""A county whose worker, relay and clerks are all at work on real topics, and the command that counts it again."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

import typer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner, Result

from bus import reading
from bus.kafka import Kafka
from bus.relay import Relay
from contracts import catalogue, topics
from kit.database import Sessions, connect
from scoring import terminal
from scoring.ids import PersonId
from scoring.ledger.domain.accounts import News
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Exemption, Held, Life, Membership
from scoring.rulebooks.domain import APPRAISED, DEDUCTED, Shape
from services.scoring import envelopes
from services.scoring.envelopes import new_id
from services.scoring.histories import BRANCHES, invent
from services.scoring.sheets import FULL, Row
from services.scoring.stations import TOPICS, Event, Station
from stack.postgres import Role
from support.bus import eventually, running

OWN = [topic.name for topic in catalogue.TOPICS if topic.owner == "scoring"]
CLERK = new_id()
LONG_AGO, JANUARY, APRIL = date(2020, 1, 1), date(2022, 1, 4), date(2022, 4, 6)


@dataclass
class Town(Station):
    role: Role
    owner: AsyncEngine

    def connect(self) -> tuple[Sessions, Kafka]:
        """What the command stands on: the worker's role, in a loop of its own."""
        engine = connect(self.role.url, self.role.password, application="test", schema="scoring")
        return Sessions(engine), self.kafka

    async def command(self, *arguments: str) -> Result:
        app = typer.Typer()
        terminal.mount(app, self.connect)
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, arguments, env={"COLUMNS": "200"}))

    async def recount(self) -> Result:
        return await self.command("recount", "--county", "taoyuan")

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        relay = Relay(self.county.worker, "scoring", self.kafka)
        async with running(self.worker(most_records=50).run), running(relay.run):
            yield

    async def settled(self) -> None:
        """Wait until everything sent is applied, rated and relayed."""
        await eventually(self._is_settled)

    async def _is_settled(self) -> bool:
        (row,) = await self.county.rows("""
            SELECT (SELECT count(*) FROM pending) AS pending,
                   (SELECT count(*) FROM accounts a JOIN counties c USING (county) WHERE a.epoch < c.epoch) AS behind
        """)
        return (row.pending, row.behind, await self.applied()) == (0, 0, await self._sent())

    async def _sent(self) -> int:
        async with self.kafka.reader() as reader:
            return sum(log.end for log in (await reading.logs(self.kafka, reader, TOPICS)).values())

    async def execute(self, statement: str, **values: Any) -> None:
        """Doctor the database as nobody should."""
        async with Sessions(self.owner).begin(None) as session:
            await session.execute(text(statement), {"county": self.county.id, **values})


async def live(town: Town, seed: int, document: Row, people: int = 8) -> None:
    """A county's half year: facts in any order, judgements and exemptions, a close, what comes late, a merge or two."""
    random = Random(seed)  # noqa: S311 — a test's
    events = shuffled(town, random, [PersonId(new_id()) for _ in range(people)])
    half = len(events) // 2
    await town.send((topics.COUNTY, envelopes.county_event(town.county.id)), *events[:half])
    await eventually(town.county.is_known)
    book = await town.county.adopt(document)
    await town.county.open("2022Q1", book)
    await town.settled()
    await judge(town, random, JANUARY)
    await decide(town, random)
    await town.county.open("2022Q2", book)
    await town.settled()
    await town.county.at(APRIL).made("/periods/2022Q1/closing", {})
    await town.send(*events[half:])
    await town.settled()
    await judge(town, random, APRIL)
    await decide(town, random)
    await town.settled()


def shuffled(town: Town, random: Random, people: Sequence[PersonId]) -> list[Event]:
    """What registry tells of these people and their county, in any order, a third of it twice."""
    history = invent(random.randint(0, 9999), tuple(people))
    told = [arrival for arrival in history.arrivals if _is_registrys(arrival.news)]
    reads = [envelopes.news(town.county.id, each.person, _recorded(each.news)) for each in told]
    events = [(read.topic, read.envelope) for read in reads]
    events += [(topics.COUNTY, envelopes.county_event(town.county.id, version)) for version in (1, 2)]
    events += [(topics.ORGANISATION, envelopes.organisation_event(town.county.id, branch)) for branch in BRANCHES]
    events += random.sample(events, k=len(events) // 3)
    random.shuffle(events)
    return events


def _recorded(news: News) -> News:
    return replace(news, by=CLERK) if isinstance(news, Fact) else news


def _is_registrys(news: News) -> bool:
    if isinstance(news, Fact):
        return news.shape.event not in {APPRAISED, DEDUCTED}
    return not isinstance(news, Exemption)


async def live_quietly(town: Town) -> PersonId:
    """One person with a lesson and an appraisal in a closed quarter, and nothing yet in the one that is open."""
    person, home = PersonId(new_id()), Membership(BRANCHES[0], home=True, since=LONG_AGO, until=None)
    shape = Shape("activity.attended", "study", None, "assembled")
    told = (
        Life(1, (Held("A", LONG_AGO),)),
        Belonging(1, (home,)),
        Fact(person, f"{new_id()}/{person}", 1, shape, JANUARY, by=CLERK),
    )
    reads = [envelopes.news(town.county.id, person, each) for each in told]
    await town.send(
        (topics.COUNTY, envelopes.county_event(town.county.id)), *((read.topic, read.envelope) for read in reads)
    )
    await eventually(town.county.is_known)
    book = await town.county.adopt(FULL)
    await town.county.open("2022Q1", book)
    await town.county.open("2022Q2", book)
    await town.settled()
    body = {"person": person, "item": "virtue", "period": "2022Q1", "grade": "good"}
    judgement = await town.county.client("desk").made("/appraisals", body)
    await town.county.client("county_admin").made(f"/judgements/{judgement}/confirmation", {})
    await town.county.at(APRIL).made("/periods/2022Q1/closing", {})
    await town.settled()
    return person


async def judge(town: Town, random: Random, day: date) -> None:
    """Propose for everybody; whom it cannot concern is refused."""
    desk = town.county.client("desk")
    for person in await _known(town):
        grade = random.choice(("good", "fair"))
        period = "2022Q1" if day == JANUARY else "2022Q2"
        await desk.post("/appraisals", {"person": person, "item": "virtue", "period": period, "grade": grade})
        item = random.choice(("quarrel", "quarrel", "offence"))
        if random.random() < 0.5:
            await desk.post("/deductions", {"person": person, "item": item, "day": day.isoformat()})
        if random.random() < 0.3:
            body = {"person": person, "since": day.isoformat(), "decision": "示例", "until": None}
            await desk.post("/exemptions", body)


async def decide(town: Town, random: Random) -> None:
    """Let a second person decide on everything that is proposed, and take some of it back."""
    admin = town.county.client("county_admin")
    for judgement in await _proposed(town):
        verdict = random.choice(("confirmation", "confirmation", "refusal"))
        answer = await admin.post(f"/judgements/{judgement}/{verdict}", {})
        if verdict == "confirmation" and answer.status_code == 201 and random.random() < 0.3:
            await admin.made(f"/judgements/{judgement}/withdrawal", {"reason": "示例"})


async def _known(town: Town) -> Iterable[str]:
    rows = await town.county.rows(
        "SELECT person FROM accounts WHERE county = :county AND person_version > 0 ORDER BY 1"
    )
    return [row.person for row in rows]


async def _proposed(town: Town) -> Iterable[str]:
    rows = await town.county.rows("SELECT id FROM judgements WHERE county = :county AND state = 'proposed' ORDER BY id")
    return [row.id for row in rows]
