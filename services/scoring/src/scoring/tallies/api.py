"""The live tallies over HTTP, served by the stream's own process. Amounts are in tenths of a point."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from kit.commands import Asker
from kit.problems import Answer, ErrorTable
from scoring.access import Resource, require
from scoring.ids import CountyId
from scoring.periods.domain import shanghai_day
from scoring.tallies.domain.checking import Findings
from scoring.tallies.domain.index import ADJUSTED, BASE, PEOPLE, TOTAL, Part, Sums, week_of
from scoring.tallies.handlers import NotRecovered, Tallies

router = APIRouter(tags=["tallies"])


class QuarterOut(BaseModel):
    """After a veto a person's base and aspects count nothing, so they need not add up to the total."""

    period: str
    people: int
    base_tenths: int
    aspects: dict[str, int]
    adjusted_tenths: int
    total_tenths: int

    @classmethod
    def of(cls, quarter: str, sums: Mapping[Part, int]) -> "QuarterOut":
        aspects = {name: value for (kind, name), value in sorted(sums.items()) if kind == "aspect"}
        figures = (sums.get(part, 0) for part in (PEOPLE, BASE, ADJUSTED, TOTAL))
        people, base, adjusted, total = figures
        return cls(
            period=quarter, people=people, base_tenths=base, aspects=aspects, adjusted_tenths=adjusted,
            total_tenths=total,
        )  # fmt: skip


class TallyOut(BaseModel):
    """Booked: by the day on which the ledger wrote it down, whenever it happened."""

    booked_today_tenths: int
    booked_this_week_tenths: int
    periods: list[QuarterOut]

    @classmethod
    def of(cls, sums: Sums, today: date) -> "TallyOut":
        return cls(
            booked_today_tenths=sums.booked_between(today, today),
            booked_this_week_tenths=sums.booked_between(week_of(today), today),
            periods=[QuarterOut.of(quarter, each) for quarter, each in sorted(sums.quarters.items())],
        )


class BranchOut(TallyOut):
    organisation: str | None
    """None: of those who have no home branch now."""


class CheckOut(BaseModel):
    """The last look at the ledger. `different` says that a tally is wrong, `late` that some news is still missing."""

    at: datetime
    different: int
    late: int

    @classmethod
    def of(cls, findings: Findings, county: CountyId) -> "CheckOut":
        different, late = findings.different.get(county, 0), findings.late.get(county, 0)
        return cls(at=findings.at, different=different, late=late)


class TalliesOut(BaseModel):
    today: date
    week_from: date
    county: TallyOut
    branches: list[BranchOut]
    checked: CheckOut | None
    """None: not yet since the process began."""


def _tallies(request: Request) -> Tallies:
    tallies: Tallies = request.app.state.tallies
    return tallies


@router.get("/tallies")
async def tallies(request: Request, by: Asker, live: Annotated[Tallies, Depends(_tallies)]) -> TalliesOut:
    """The county's sums as they are now, and each branch's in the order of their ids."""
    require(by, "tallies.read", Resource(by.county))
    live.require_recovered()
    county, today = CountyId(str(by.county)), shanghai_day(request.app.state.shell.clock())
    branches = sorted(live.index.tally(county).items(), key=lambda each: each[0] or "")
    return TalliesOut(
        today=today,
        week_from=week_of(today),
        county=TallyOut.of(live.index.county(county), today),
        branches=[BranchOut(organisation=branch, **dict(TallyOut.of(sums, today))) for branch, sums in branches],
        checked=CheckOut.of(live.findings, county) if live.findings else None,
    )


ERRORS: ErrorTable = {NotRecovered: Answer(503, "recovering", "正在恢复", {"Retry-After": "5"})}
