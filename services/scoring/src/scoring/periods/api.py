"""Periods over HTTP."""

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel

from kit.commands import Created, Page, Paging, page
from kit.problems import Answer, ErrorTable
from scoring.access import Resource, require
from scoring.forms import QUARTER, Form, Id, Quarter, Read, Write, after_code
from scoring.periods import domain, handlers, queries
from scoring.periods.handlers import OpenPeriod

router = APIRouter(tags=["periods"])


class PeriodIn(Form):
    period: Quarter
    book: Id


class PeriodOut(BaseModel):
    period: str
    state: str
    starts_on: date
    ends_on: date
    book: str
    opened_at: datetime
    accounts: int
    pending: int
    """Accounts that the opening has not reached yet: their totals will still change."""
    closed_at: datetime | None
    people: int | None
    total_tenths: int | None
    """What its close published for all of them together; null while it is open."""
    published_on: date | None
    objections_until: date | None
    finalised_at: datetime | None


@router.post("/periods", status_code=201)
async def open_period(body: PeriodIn, edge: Write) -> Created:
    """Open a quarter under its book. Everybody in scope then gets their base, in the background."""
    period = await handlers.open_period(edge.work, OpenPeriod(body.period, body.book), edge.by)
    return await edge.created(period.code)


@router.get("/periods")
async def list_periods(edge: Read, paging: Paging) -> Page[PeriodOut]:
    require(edge.by, "period.read", Resource(edge.by.county))
    rows = await queries.list_periods(edge.work, paging.limit, after_code(paging, QUARTER))
    return page([PeriodOut(**row) for row in rows], paging, lambda row: (row.period,))


ERRORS: ErrorTable = {
    domain.UnknownQuarter: Answer(422, "unknown-quarter", "没有这个季度"),
    domain.BookTooYoung: Answer(422, "book-too-young", "积分办法尚未施行"),
    domain.NotBegun: Answer(409, "not-begun", "季度还没有开始"),
    domain.AlreadyOpen: Answer(409, "already-open", "季度已经开启"),
    domain.ClosedBefore: Answer(409, "closed-before", "后面的季度已经结账"),
    domain.PeriodNotFound: Answer(404, "period-not-found", "季度尚未开启"),
}
