"""Points over HTTP: totals and their reasons. Every amount is in tenths of a point; `arithmetic` is in points."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from kit.commands import Page, Paging, page
from kit.problems import Answer, ErrorTable
from scoring.access import Resource, require
from scoring.branches.domain import BranchNotFound
from scoring.explanations import handlers
from scoring.explanations.api.answers import Closed, Total, TotalOut, WhyOut
from scoring.explanations.domain import AccountNotFound, NotInScope
from scoring.forms import QUARTER, AsOf, InPeriod, PathId, Snapshot, after_id
from scoring.ids import OrganisationId, PersonId, Quarter
from scoring.ledger import queries
from scoring.ledger.queries import Window

router = APIRouter(tags=["points"])


class Sums(BaseModel):
    people: int
    """Of a closed quarter: of how many people something was published."""
    total_tenths: int
    """Of a closed quarter what was published, with what it made good for earlier ones (补)."""
    true_people: int
    """How many are in scope by what is known now."""
    true_tenths: int
    """Of a closed quarter what it comes to by now, its own points alone; of an open one the same as the total."""


class BranchOut(Sums):
    organisation: str
    kind: str | None


class BranchPage(Page[BranchOut]):
    period: str
    as_of: date


class PersonOut(BaseModel):
    """Of a closed quarter the total is the published one; base and aspects are what they come to by now."""

    person: str
    base_tenths: int
    aspects: dict[str, int]
    total_tenths: int


class PeoplePage(Page[PersonOut]):
    period: str
    as_of: date


class CountyOut(Sums):
    period: str


@router.get("/people/{person}/total")
async def total(
    person: PathId,
    edge: Snapshot,
    period: Annotated[str | None, Query(pattern=QUARTER, description="only this one")] = None,
) -> TotalOut:
    account = await handlers.account_of(edge.work, PersonId(person), edge.by)
    totals = [Total.of(each) for each in account.published.totals if period in (None, each.period)]
    known = await handlers.closed_of(edge.work, account)
    closed = [Closed.of(each) for each in known if period in (None, each.period)]
    branch = account.published.branch
    return TotalOut(person=account.person, version=account.version, branch=branch, totals=totals, closed=closed)


@router.get("/people/{person}/explanation")
async def explanation(person: PathId, period: InPeriod, edge: Snapshot) -> WhyOut:
    return WhyOut.of(await handlers.explain(edge.work, PersonId(person), Quarter(period), edge.by))


@router.get("/branches")
async def list_branches(period: InPeriod, edge: Snapshot, paging: Paging, as_of: AsOf = None) -> BranchPage:
    """Each branch's sum over its members, in the county's own order and never by score."""
    day = await handlers.as_of(edge.work, period, as_of)
    only = await handlers.visible_branches(edge.work, edge.by)
    rows = await queries.branches(edge.work, Window(period, day, paging.limit, after_id(paging)), only)
    cut = page([BranchOut(**row) for row in rows], paging, lambda row: (row.organisation,))
    return BranchPage(items=cut.items, next=cut.next, period=period, as_of=day)


@router.get("/branches/{organisation}/people")
async def list_people(
    organisation: PathId, period: InPeriod, edge: Snapshot, paging: Paging, as_of: AsOf = None
) -> PeoplePage:
    """The members of a branch with their totals, in the order of their ids."""
    day, branch = await handlers.as_of(edge.work, period, as_of), OrganisationId(organisation)
    await handlers.see_branch(edge.work, branch, edge.by)
    rows = await queries.people_of(edge.work, Window(period, day, paging.limit, after_id(paging)), branch)
    cut = page([PersonOut(**row) for row in rows], paging, lambda row: (row.person,))
    return PeoplePage(items=cut.items, next=cut.next, period=period, as_of=day)


@router.get("/county/total")
async def county_total(period: InPeriod, edge: Snapshot) -> CountyOut:
    require(edge.by, "points.county", Resource(edge.by.county))
    await handlers.as_of(edge.work, period, None)
    return CountyOut(period=period, **await queries.county_total(edge.work, period))


ERRORS: ErrorTable = {
    AccountNotFound: Answer(404, "account-not-found", "没有这个人员"),
    NotInScope: Answer(404, "not-in-scope", "本季度不参加积分"),
    BranchNotFound: Answer(404, "branch-not-found", "没有这个组织"),
}
