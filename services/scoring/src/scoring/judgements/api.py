"""Judgements over HTTP. A deduction is shown to the person, the own branch and the bureau, and to nobody else."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from kit.commands import Created, Page, Paging, page
from kit.problems import Answer, ErrorTable
from scoring.forms import QUARTER, UUID7, WRITTEN, Form, Id, PathId, Quarter, Read, Write, after_id
from scoring.ids import PersonId
from scoring.ids import Quarter as QuarterCode
from scoring.judgements import domain, handlers, queries
from scoring.judgements.domain import Appraisal, Deduction, Sight, State
from scoring.judgements.handlers import Grounded
from scoring.judgements.queries import Wish

router = APIRouter(tags=["judgements"])

MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
Code = Annotated[str, Field(min_length=1, max_length=64)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=WRITTEN)]


class AppraisalIn(Form):
    person: Id
    item: Code
    period: Quarter
    grade: Code
    month: Annotated[str | None, Field(pattern=MONTH)] = None
    """Only of an item that is appraised every month."""
    grounds: Words | None = None

    def command(self) -> Grounded[Appraisal]:
        wanted = Appraisal(PersonId(self.person), self.item, QuarterCode(self.period), self.grade, self.month)
        return Grounded(wanted, self.grounds)


class DeductionIn(Form):
    person: Id
    item: Code
    """An item that takes away, or a veto."""
    day: date
    """The day of what it rests on."""
    grounds: Words | None = None

    def command(self) -> Grounded[Deduction]:
        return Grounded(Deduction(PersonId(self.person), self.item, self.day), self.grounds)


class ReasonIn(Form):
    reason: Words | None = None


class JudgementOut(BaseModel):
    id: str
    person: str
    kind: str
    item: str
    grade: str | None
    period: str
    period_state: str
    late: str | None
    """What becomes of it, if its quarter is closed already."""
    month: str | None
    day: date
    source: str | None
    """The subject of the event that proposed it; null: a person did."""
    state: str
    proposed_by: str | None
    """Who proposed it, or recorded what proposes it; somebody else has to confirm it. Null for whom it is about."""
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    withdrawn_by: str | None
    """Null though it is withdrawn: what it rested on is gone, or its day is exempt; it may come back."""
    withdrawn_at: datetime | None
    grounds: str | None
    """Words are the office's, and once it was confirmed those of whom it is about; null for all others."""
    reason: str | None


@router.post("/appraisals", status_code=201)
async def appraise(body: AppraisalIn, edge: Write) -> Created:
    """Propose a grade. It counts once a second person has confirmed it."""
    return await edge.created((await handlers.propose_appraisal(edge.work, body.command(), edge.by)).id)


@router.post("/deductions", status_code=201)
async def deduct(body: DeductionIn, edge: Write) -> Created:
    """Propose to take points away. Nothing is taken before a second person has confirmed it."""
    return await edge.created((await handlers.propose_deduction(edge.work, body.command(), edge.by)).id)


@router.post("/judgements/{judgement}/confirmation", status_code=201)
async def confirm(judgement: PathId, edge: Write) -> Created:
    """Let it count. In a quarter that is closed it is settled in the earliest open one, as 补."""
    return await edge.created((await handlers.confirm(edge.work, judgement, edge.by)).id)


@router.post("/judgements/{judgement}/refusal", status_code=201)
async def refuse(judgement: PathId, edge: Write, body: ReasonIn | None = None) -> Created:
    reason = body.reason if body else None
    return await edge.created((await handlers.refuse(edge.work, judgement, reason, edge.by)).id)


@router.post("/judgements/{judgement}/withdrawal", status_code=201)
async def withdraw(judgement: PathId, edge: Write, body: ReasonIn | None = None) -> Created:
    """Take it back for good. What counted is taken back by somebody who did not propose it, and with a reason."""
    reason = body.reason if body else None
    return await edge.created((await handlers.withdraw(edge.work, judgement, reason, edge.by)).id)


@router.get("/judgements")
async def list_judgements(
    edge: Read,
    paging: Paging,
    state: Annotated[State | None, Query(description="only those that stand so")] = None,
    period: Annotated[str | None, Query(pattern=QUARTER, description="only of this quarter")] = None,
    person: Annotated[
        str | None, Query(pattern=UUID7, description="only what counts for this person, under every entry")
    ] = None,
) -> Page[JudgementOut]:
    """What the asker may see: a member the own once confirmed, a recorder those at home below, the desk all."""
    sight = await handlers.sight(edge.work, "judgement", edge.by)
    wanted = await handlers.entries(edge.work, PersonId(person)) if person else None
    wish = Wish(state, period, wanted, paging.limit, after_id(paging))
    rows = await queries.list_judgements(edge.work, sight, wish)
    return page([_out(row, sight) for row in rows], paging, lambda row: (row.id,))


@router.get("/judgements/{judgement}")
async def one(judgement: PathId, edge: Read) -> JudgementOut:
    sight = await handlers.sight(edge.work, "judgement", edge.by)
    return _out(await queries.one_judgement(edge.work, sight, judgement), sight)


def _out(row: Mapping[str, Any], sight: Sight) -> JudgementOut:
    whole = JudgementOut(**row, late=domain.late(row["period"], row["period_state"], State(row["state"])))
    hidden = {} if sight.tells(whole.person) else {"grounds": None, "reason": None}
    return whole.model_copy(update={**hidden, **({"proposed_by": None} if whole.person in sight.own else {})})


ERRORS: ErrorTable = {
    domain.JudgementNotFound: Answer(404, "judgement-not-found", "没有这项评议或扣分"),
    domain.NotThatWay: Answer(409, "judgement-decided", "已经办理"),
    domain.OwnAffair: Answer(409, "own-affair", "本人的事项须由他人办理"),
    domain.OwnProposal: Answer(409, "own-proposal", "须由他人办理"),
    domain.AlreadyAppraised: Answer(409, "already-appraised", "已有评议"),
    domain.ReasonMissing: Answer(422, "reason-missing", "请写明理由"),
    domain.AlreadyProposed: Answer(409, "already-proposed", "已有扣分"),
    domain.PeriodNotOpened: Answer(422, "period-not-opened", "季度尚未开启"),
    domain.UnknownItem: Answer(422, "unknown-item", "没有这个项目"),
    domain.UnknownGrade: Answer(422, "unknown-grade", "没有这个等次"),
    domain.MonthNotAsked: Answer(422, "month-not-asked", "月份填写有误"),
    domain.MonthNotInPeriod: Answer(422, "month-not-in-period", "月份不在季度内"),
    domain.JudgementInFuture: Answer(422, "judgement-in-future", "日期还没有到"),
    domain.OutOfScope: Answer(422, "out-of-scope", "不参加积分"),
    domain.NotForClass: Answer(422, "not-for-class", "不适用的项目"),
    domain.ExemptDay: Answer(422, "exempt-day", "免予考核期间"),
}
