"""Notices over HTTP: what each branch was told, in the order of the people's ids and never by score."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from kit.commands import Page, Paging, page
from kit.problems import Answer, ErrorTable
from scoring.forms import SPAN, PathId, Read, after_id
from scoring.notices import domain, handlers, queries
from scoring.notices.domain import Shows, State
from scoring.workdays import NoCalendar

router = APIRouter(tags=["notices"])


class Head(BaseModel):
    id: str
    period: str
    branch: str
    published_on: date
    window_days: int
    objections_until: date
    shows: Shows
    board: str | None
    state: State
    revision: int


class Listed(Head):
    people: int


class PersonOut(BaseModel):
    """`total_tenths` is null where the county shows grades, and the other way round."""

    person: str
    total_tenths: int | None
    grade: str | None


class NoticeOut(Head):
    people: list[PersonOut]


OfPeriod = Annotated[str | None, Query(pattern=SPAN, description="only those of this quarter or year")]


@router.get("/notices")
async def list_notices(edge: Read, paging: Paging, period: OfPeriod = None) -> Page[Listed]:
    """Also those that were withdrawn; `state` tells."""
    sight = await handlers.sight(edge.work, edge.by)
    rows = await queries.list_notices(edge.work, sight, period, paging.limit, after_id(paging))
    return page([Listed(**row) for row in rows], paging, lambda row: (row.id,))


@router.get("/notices/{notice}")
async def one(notice: PathId, edge: Read) -> NoticeOut:
    return NoticeOut(**await queries.one_notice(edge.work, await handlers.sight(edge.work, edge.by), notice))


ERRORS: ErrorTable = {
    domain.TooManyPeople: Answer(409, "too-many-people", "支部人数过多"),
    domain.NoticeNotFound: Answer(404, "notice-not-found", "没有这份公示"),
    domain.NoticeInsidePeriod: Answer(422, "notice-inside-period", "公示日期过早"),
    domain.NoticeInFuture: Answer(422, "notice-in-future", "公示日期未到"),
    NoCalendar: Answer(409, "no-calendar", "缺少节假日安排"),
}
