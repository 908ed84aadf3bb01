"""A county where people judge: two branches under a bureau, two people at the desk, and a book with every kind."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
import orjson
from joserfc import jwt

from contracts import topics
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.accounts import News
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Absence, Belonging, Held, Life, Membership
from scoring.rulebooks.domain import Shape
from services.scoring import envelopes
from services.scoring.counties import KEY, County
from services.scoring.envelopes import new_id, news
from services.scoring.histories import DOCUMENT
from support.front import Client

LONG_AGO = date(2020, 1, 1)
MARCH = date(2022, 3, 9)
BOOK: dict[str, Any] = {
    **DOCUMENT,
    "items": [
        *DOCUMENT["items"],
        {"code": "family", "name": "家风美德", "aspect": "contribution", "kind": "appraisal",
         "grades": {"good": 50, "fair": 30}},
        {"code": "opinion", "name": "群众反映", "aspect": "contribution", "kind": "appraisal", "every": "month",
         "grades": {"good": 10}},
        {"code": "absence", "name": "无故缺席", "aspect": "learning", "kind": "deduction", "event": "activity.missed",
         "kinds": ["lesson"], "value_tenths": -20},
        {"code": "absence-b", "name": "乙类缺席", "aspect": "learning", "kind": "deduction", "classes": ["B"],
         "value_tenths": -10},
        {"code": "discipline", "name": "违纪违法", "kind": "veto"},
    ],
}  # fmt: skip


@dataclass
class Bench:
    county: County
    bureau: str = field(default_factory=new_id)
    north: OrganisationId = field(default_factory=lambda: OrganisationId(new_id()))
    south: OrganisationId = field(default_factory=lambda: OrganisationId(new_id()))

    async def settle(self) -> None:
        """2022Q1 under the book, and the branches."""
        events = [
            envelopes.organisation_event(self.county.id, self.bureau),
            *(envelopes.organisation_event(self.county.id, each, self.bureau) for each in (self.north, self.south)),
        ]
        await self.county.apply([envelopes.read(topics.ORGANISATION, event) for event in events])
        await self.county.open("2022Q1", await self.county.adopt(BOOK))
        self.desk, self.second = self.county.client("desk"), self.county.client("county_admin")

    async def member(self, branch: OrganisationId | None = None, code: str = "A") -> PersonId:
        person = PersonId(new_id())
        await self.tell(person, Life(1, (Held(code, LONG_AGO),)), self.at_home(branch))
        return person

    def at_home(self, branch: OrganisationId | None = None) -> Belonging:
        return Belonging(1, (Membership(branch or self.north, home=True, since=LONG_AGO, until=None),))

    async def tell(self, person: PersonId, *told: News) -> None:
        await self.county.apply([news(self.county.id, person, each) for each in told])

    async def merge(self, person: PersonId, into: PersonId) -> None:
        await self.tell(person, Life(2, (Held("A", LONG_AGO),), merged_into=into))

    async def leaves(self, person: PersonId, day: date) -> None:
        """Move away for good."""
        await self.tell(person, Life(2, (Held("A", LONG_AGO),), (Absence(day, None),)))

    async def appraise(self, person: PersonId, grade: str = "good", **more: Any) -> httpx.Response:
        body = {"person": person, "item": "family", "period": "2022Q1", "grade": grade, **more}
        return await self.desk.post("/appraisals", body)

    async def deduct(self, person: PersonId, item: str = "absence", day: date = MARCH, **more: Any) -> httpx.Response:
        return await self.desk.post("/deductions", {"person": person, "item": item, "day": day.isoformat(), **more})

    async def act(self, judgement: str, what: str = "confirmation", by: Client | None = None) -> httpx.Response:
        body = {"reason": "经核实有误"} if what == "withdrawal" else {}
        return await (by or self.second).post(f"/judgements/{judgement}/{what}", body)

    async def confirmed(self, proposed: httpx.Response) -> str:
        """Let a second person confirm what was proposed; its id."""
        assert proposed.status_code == 201, proposed.text
        judgement = str(proposed.json()["id"])
        answer = await self.act(judgement)
        assert answer.status_code == 201, answer.text
        return judgement

    async def total(self, person: PersonId, period: str = "2022Q1") -> int | None:
        rows = await self.county.rows(
            "SELECT total_tenths FROM cells"
            " WHERE county = :county AND person = :person AND period = :period AND in_scope",
            person=person, period=period,
        )  # fmt: skip
        return rows[0].total_tenths if rows else None

    async def judgements(self, by: Client | None = None, **query: Any) -> list[dict[str, Any]]:
        answer = await (by or self.second).get("/judgements", **query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def shown(self, judgement: str, by: Client | None = None) -> dict[str, Any]:
        return dict((await (by or self.second).get(f"/judgements/{judgement}")).json())

    async def told(self) -> list[dict[str, Any]]:
        """What was told of judgements and exemptions, in order."""
        rows = await self.county.rows(
            "SELECT value FROM journal WHERE county = :county AND topic = 'scoring.appraisal' ORDER BY id"
        )
        return [orjson.loads(row.value) for row in rows]

    async def everything(self) -> list[Any]:
        """All that a refused request must leave as it is."""
        tables = ("judgements", "exemptions", "accounts", "facts", "cells", "lines", "journal")
        return [await self.county.rows(f"SELECT * FROM {table} WHERE county = :county") for table in tables]  # noqa: S608


def missed(person: PersonId, day: date = MARCH, subject: str | None = None, version: int = 1, **more: Any) -> Fact:
    """Nobody at a lesson that they should have come to."""
    shape = Shape(more.pop("event", "activity.missed"), "lesson", None, "assembled")
    return Fact(person, subject or f"{new_id()}/{person}", version, shape, day, **more)


def slug(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def user_of(client: Client) -> str:
    """Who is signed in."""
    return str(jwt.decode(client.http.headers["Authorization"].removeprefix("Bearer "), KEY).claims["sub"])
