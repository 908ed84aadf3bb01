"""A quarter's steps over HTTP, and the look before the first of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from kit.commands import Asker, Created
from kit.problems import Answer, ErrorTable
from scoring.access import Resource, require
from scoring.closing import domain, handlers
from scoring.closing.domain import Heard, Listen, NotHeard
from scoring.closing.handlers import Preview
from scoring.forms import Form, PathQuarter, Snapshot, Write
from scoring.ids import Quarter

router = APIRouter(tags=["periods"])

DEAF = "消息系统暂时没有应答，无法核对各方资料是否已经收齐；请稍后再看。"


class NoticeIn(Form):
    published_on: date
    """The day on which the notices were posted up."""


class SumOut(BaseModel):
    """`branch` is null for people who were at home in none on the quarter's last day; they are on no notice."""

    branch: str | None
    people: int
    total_tenths: int


class HeardOut(BaseModel):
    topic: str
    behind: int
    last_spoke: datetime | None


class PreviewOut(BaseModel):
    period: str
    state: str
    people: int
    total_tenths: int
    branches: list[SumOut]
    pending: int
    """Accounts whose totals will still change by themselves."""
    open_proposals: int
    hindrances: list[str]
    """Every reason for which the quarter cannot be closed now; empty if it can."""
    sources: list[HeardOut] | None
    """What we listen to; null if Kafka does not answer, and then `sources_unknown` says so."""
    sources_unknown: str | None

    @classmethod
    def of(cls, preview: Preview, sources: Sequence[Heard] | None) -> "PreviewOut":
        figures, waiting = preview.figures, preview.waiting
        return cls(
            period=preview.course.code,
            state=preview.course.state,
            people=figures.people,
            total_tenths=figures.total,
            branches=[
                SumOut(branch=each.branch, people=each.people, total_tenths=each.total) for each in figures.branches
            ],
            pending=waiting.accounts,
            open_proposals=waiting.proposals,
            hindrances=list(preview.hindrances),
            sources=None
            if sources is None
            else [HeardOut(topic=each.topic, behind=each.behind, last_spoke=each.last_spoke) for each in sources],
            sources_unknown=DEAF if sources is None else None,
        )


async def _listen(request: Request, by: Asker) -> Sequence[Heard] | None:
    """Ask Kafka before a transaction is begun, because it may take its time. None: it does not answer."""
    require(by, "period.preview", Resource(by.county))
    listen: Listen = request.app.state.listen
    try:
        return await listen()
    except NotHeard:
        return None


Sources = Annotated[Sequence[Heard] | None, Depends(_listen)]


@router.get("/periods/{period}/preview")
async def preview(period: PathQuarter, sources: Sources, edge: Snapshot) -> PreviewOut:
    """What a close would publish now (or, of a closed quarter, what was published), and what forbids it."""
    return PreviewOut.of(await handlers.preview(edge.work, Quarter(period), edge.by), sources)


@router.post("/periods/{period}/closing", status_code=201)
async def close(period: PathQuarter, edge: Write) -> Created:
    """Close a quarter: what everybody came to is frozen, and what comes late is settled in the next open one."""
    return await edge.created((await handlers.close(edge.work, Quarter(period), edge.by)).code)


@router.post("/periods/{period}/notice", status_code=201)
async def publish(period: PathQuarter, body: NoticeIn, edge: Write) -> Created:
    """Publish one notice per branch; objections are heard until the last of the book's working days."""
    course = await handlers.publish_notices(edge.work, Quarter(period), body.published_on, edge.by)
    return await edge.created(course.code)


@router.post("/periods/{period}/finalisation", status_code=201)
async def finalise(period: PathQuarter, edge: Write) -> Created:
    return await edge.created((await handlers.finalise(edge.work, Quarter(period), edge.by)).code)


@router.post("/periods/{period}/reopening", status_code=201)
async def reopen(period: PathQuarter, edge: Write) -> Created:
    """Let the last closed quarter count again, if its book says that this is how late facts are settled."""
    return await edge.created((await handlers.reopen(edge.work, Quarter(period), edge.by)).code)


ERRORS: ErrorTable = {
    domain.AlreadyClosed: Answer(409, "already-closed", "已经结账"),
    domain.EarlierOneOpen: Answer(409, "earlier-one-open", "前面的季度尚未结账"),
    domain.QuarterSkipped: Answer(409, "quarter-skipped", "前面的季度没有开启"),
    domain.NotOver: Answer(409, "not-over", "季度尚未结束"),
    domain.StillPending: Answer(409, "still-pending", "积分正在计算"),
    domain.ProposalsOpen: Answer(409, "proposals-open", "尚有待确认的事项"),
    domain.NotClosed: Answer(409, "not-closed", "尚未结账"),
    domain.AlreadyNoticed: Answer(409, "already-noticed", "已经公示"),
    domain.NotNoticed: Answer(409, "not-noticed", "尚未公示"),
    domain.WindowOpen: Answer(409, "window-open", "异议期未满"),
    domain.ObjectionsOpen: Answer(409, "objections-open", "尚有异议未答复"),
    domain.AlreadyFinal: Answer(409, "already-final", "已经定案"),
    domain.ReopeningNotAgreed: Answer(409, "reopening-not-agreed", "不能重新开账"),
    domain.LaterOneClosed: Answer(409, "later-one-closed", "后面的季度已经结账"),
    domain.YearEvaluated: Answer(409, "year-evaluated", "年度已经总评"),
}
