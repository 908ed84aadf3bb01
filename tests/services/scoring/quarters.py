"""A county whose quarters are to be closed: two branches, three people, a book that says how."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
import orjson

from contracts import topics
from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Held, Life, Membership
from scoring.rulebooks.domain import Shape
from services.scoring import envelopes
from services.scoring.counties import County
from services.scoring.envelopes import new_id, news
from services.scoring.histories import DOCUMENT
from support.front import Client

LONG_AGO = date(2020, 1, 1)
APRIL, JULY = date(2022, 4, 6), date(2022, 7, 4)
BANDS = [
    {"code": "fair", "name": "合格", "from_tenths": 500, "to_tenths": 624},
    {"code": "good", "name": "优秀", "from_tenths": 625, "to_tenths": None},
]
RUDE = {"code": "rude", "name": "言行失当", "aspect": "learning", "kind": "deduction", "value_tenths": -20}
BOOK: dict[str, Any] = {
    **DOCUMENT,
    "items": [*DOCUMENT["items"], RUDE],
    "bands": BANDS,
    "notice": {"window_days": 5, "shows": "points", "board": "red-board"},
    "year": {"take": "mean", "bands": BANDS},
}


@dataclass
class Quarters:
    """`people` in the order of their ids: the first two are at home in the first branch."""

    county: County
    branches: list[OrganisationId] = field(default_factory=lambda: sorted(OrganisationId(new_id()) for _ in range(2)))
    people: list[PersonId] = field(default_factory=lambda: sorted(PersonId(new_id()) for _ in range(3)))

    async def settle(self, *opened: str, **changes: Any) -> str:
        """Open quarters under a book with these changes, with everybody in scope; return the book."""
        for branch in self.branches:
            told = envelopes.organisation_event(self.county.id, branch)
            await self.county.apply([envelopes.read(topics.ORGANISATION, told)])
        for person, branch in zip(self.people, (self.branches[0], self.branches[0], self.branches[1]), strict=True):
            home = Membership(branch, home=True, since=LONG_AGO, until=None)
            await self.tell(person, Life(1, (Held("A", LONG_AGO),)), Belonging(1, (home,)))
        book = await self.county.adopt({**BOOK, **changes})
        for quarter in opened:
            await self.county.open(quarter, book)
        await self.county.sweep()
        return book

    async def tell(self, person: PersonId, *told: Life | Belonging | Fact) -> None:
        await self.county.apply([news(self.county.id, person, each) for each in told])

    async def merge(self, person: PersonId, into: PersonId) -> None:
        """Let registry find out that somebody was entered twice."""
        await self.tell(person, Life(2, (Held("A", LONG_AGO),), merged_into=into))

    async def lesson(self, person: PersonId, day: date) -> None:
        """Attend a lesson: 2.5 points."""
        shape = Shape("activity.attended", "lesson", None, "assembled")
        await self.tell(person, Fact(person, f"{new_id()}/{person}", 1, shape, day))

    def on(self, day: date) -> Client:
        return self.county.at(day)

    async def close(self, quarter: str, day: date = APRIL) -> None:
        await self.on(day).made(f"/periods/{quarter}/closing", {})

    async def notice(self, quarter: str, day: date = APRIL) -> None:
        await self.on(day).made(f"/periods/{quarter}/notice", {"published_on": day.isoformat()})

    async def finalise(self, quarter: str, day: date) -> None:
        await self.on(day).made(f"/periods/{quarter}/finalisation", {})

    async def told(self, topic: str) -> list[dict[str, Any]]:
        """What was published on a topic of scoring, in order."""
        rows = await self.county.rows(
            "SELECT value FROM journal WHERE county = :county AND topic = :topic ORDER BY id", topic=topic
        )
        return [orjson.loads(row.value) for row in rows]

    async def everything(self) -> list[Any]:
        """All that a refused request must leave as it is."""
        tables = ("periods", "accounts", "cells", "notices", "years", "evaluations", "journal")
        return [await self.county.rows(f"SELECT * FROM {table} WHERE county = :county") for table in tables]  # noqa: S608


async def refused(quarters: Quarters, client: Client, path: str, body: Any) -> tuple[int, str, str]:
    """Ask for what must change nothing; return the status, the problem and its sentence."""
    before = await quarters.everything()
    answer: httpx.Response = await client.post(path, body)
    assert await quarters.everything() == before
    told = answer.json()
    return answer.status_code, told["type"].removeprefix("/problems/"), told["detail"]
