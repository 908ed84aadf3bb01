"""A county whose first quarter was noticed: two people in a branch, each with an attendance, and who may object."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import httpx
import orjson
from sqlalchemy import text

from contracts import topics
from kit.database import Sessions
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from scoring.periods.domain import shanghai_day
from scoring.rulebooks.domain import Shape
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id, news
from services.scoring.histories import DOCUMENT
from support.front import Client

LONG_AGO, FEBRUARY = date(2020, 1, 1), date(2022, 2, 3)
ATTENDED = Shape("activity.attended", "lesson", None, "assembled")
BOOK: dict[str, Any] = {
    **DOCUMENT,
    "items": [
        *DOCUMENT["items"],
        {"code": "family", "name": "家风美德", "aspect": "contribution", "kind": "appraisal", "grades": {"good": 50}},
        {"code": "absence", "name": "无故缺席", "aspect": "learning", "kind": "deduction", "value_tenths": -20},
    ],
}
STATEMENT = "二月的党课我参加了，名单上没有我。"
EVALUATED = text("""
    INSERT INTO years (county, year, book, people, grades, published_on, window_days, objections_until, evaluated_by,
        evaluated_at)
    SELECT county, 2022, id, 2, '{}', :since, 5, :until, 'bureau', now() FROM books
""")
Body = dict[str, Any]


@dataclass
class Town:
    county: County
    bureau: str = field(default_factory=new_id)
    branch: OrganisationId = field(default_factory=lambda: OrganisationId(new_id()))
    person: PersonId = field(default_factory=lambda: PersonId(new_id()))
    other: PersonId = field(default_factory=lambda: PersonId(new_id()))
    attendance: str = ""

    @property
    def today(self) -> date:
        return shanghai_day(self.county.app().state.shell.clock())

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    async def settle(self) -> None:
        bureau = envelopes.organisation_event(self.county.id, self.bureau)
        branch = envelopes.organisation_event(self.county.id, self.branch, self.bureau)
        await self.county.apply([envelopes.read(topics.ORGANISATION, event) for event in (bureau, branch)])
        for person in (self.person, self.other):
            self.attendance = f"{new_id()}/{person}"
            told = (
                Life(1, (Held("A", LONG_AGO),)),
                Belonging(1, (Membership(self.branch, home=True, since=LONG_AGO, until=None),)),
                Fact(person, self.attendance, 1, ATTENDED, FEBRUARY),
            )
            await self.county.apply([news(self.county.id, person, each) for each in told])
        self.attendance = await self.subject_of(self.person)
        await self.county.open("2022Q1", await self.county.adopt(BOOK))
        await self.county.sweep()

    async def record(self, subject: str, version: int = 2, day: date = FEBRUARY) -> None:
        """Put an attendance of the person right, as a later version of it, or enter it."""
        fact = Fact(self.person, subject, version, replace(ATTENDED, mode="home"), day)
        await self.county.apply([news(self.county.id, self.person, fact)])

    async def merge(self) -> None:
        """End the person's entry in favour of the other one."""
        life = Life(2, (Held("A", LONG_AGO),), merged_into=self.other)
        await self.county.apply([news(self.county.id, self.person, life)])

    async def moves(self, person: PersonId) -> None:
        """Move somebody to the bureau itself."""
        told = Belonging(2, (Membership(OrganisationId(self.bureau), home=True, since=LONG_AGO, until=None),))
        await self.county.apply([news(self.county.id, person, told)])

    async def subject_of(self, person: PersonId) -> str:
        (row,) = await self.county.rows(
            "SELECT subject FROM facts WHERE county = :county AND person = :person", person=person
        )
        return str(row.subject)

    async def notice(self, since: int = -3, until: int = 3, state: str = "closed") -> None:
        """As a notice leaves the quarter, with its window so many days from today."""
        await self.county.rows(
            "UPDATE periods SET state = :state, closed_at = now(), published_on = :since, objections_until = :until"
            " WHERE county = :county RETURNING period",
            state=state, since=self.day(since), until=self.day(until),
        )  # fmt: skip

    async def evaluated(self, since: int = -3, until: int = 3) -> None:
        """As an evaluation leaves the year, with its window so many days from today."""
        async with Sessions(self.county.api).begin(self.county.id) as session:
            await session.execute(EVALUATED, {"since": self.day(since), "until": self.day(until)})

    def member(self, person: str | None = None) -> Client:
        return self.county.client("member", person=person or self.person)

    def recorder(self, organisation: str | None = None) -> Client:
        return self.county.client("recorder", organisations=[organisation or self.branch])

    def body(self, **changed: Any) -> Body:
        told = {"period": "2022Q1", "person": self.person, "filed_on": str(self.today), "statement": STATEMENT}
        return {**told, **changed}

    async def filed(self, **changed: Any) -> str:
        return await self.county.client().made("/objections", self.body(**changed))

    async def deducted(self, day: date = FEBRUARY) -> tuple[str, str]:
        """A confirmed deduction: its id and its subject."""
        body = {"person": self.person, "item": "absence", "day": str(day)}
        judgement = await self.county.client().made("/deductions", body)
        await self.county.client("county_admin").made(f"/judgements/{judgement}/confirmation", {})
        return judgement, f"{self.person}/{judgement}"

    async def answer(self, objection: str, by: Client | None = None, **changed: Any) -> httpx.Response:
        told = {"outcome": "declined", "reason": "名单已核对，当天没有签名。", **changed}
        return await (by or self.county.client()).post(f"/objections/{objection}/answer", told)

    async def shown(self, objection: str, by: Client | None = None) -> Body:
        answer = await (by or self.county.client()).get(f"/objections/{objection}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def events(self) -> list[Body]:
        """What was told of objections."""
        rows = await self.county.rows(
            "SELECT value FROM journal WHERE county = :county AND topic = 'scoring.appraisal' ORDER BY id"
        )
        return [orjson.loads(row.value) for row in rows]
