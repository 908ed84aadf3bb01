"""Objections over HTTP. A list shows no words; one objection shows them to those whose business they are."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from kit.commands import Created, Page, Paging, page
from kit.problems import Answer, ErrorTable
from scoring.forms import SPAN, UUID7, WRITTEN, Form, Id, PathId, Read, Write, after_id
from scoring.ids import PersonId
from scoring.objections import domain, handlers, queries
from scoring.objections.domain import Filing, State
from scoring.objections.queries import Wanted

router = APIRouter(tags=["objections"])

LONGEST = 2000
SUBJECT = UUID7.removesuffix("$") + "(/" + UUID7.removeprefix("^").removesuffix("$") + ")?$"
Words = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=LONGEST,
        pattern=WRITTEN,
    ),
]
Span = Annotated[str, Field(pattern=SPAN)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]
Origin = Literal["self", "desk", "phone", "proxy", "paper"]


class FilingIn(Form):
    period: Annotated[Span, Field(description="The quarter or year whose notice is objected to.")]
    person: Id
    filed_on: Annotated[Day, Field(description="The day on the paper, or of the call; of one's own filing, today.")]
    origin: Annotated[
        Origin | None,
        Field(description="How it came in; it never changes what it is worth. Left out: self or desk, as it is."),
    ] = None
    on_behalf_of: Annotated[Id | None, Field(description="With a proxy: the person; may be left out.")] = None
    statement: Words

    def filing(self) -> Filing:
        behalf = PersonId(self.on_behalf_of) if self.on_behalf_of else None
        return Filing(PersonId(self.person), self.period, self.filed_on, self.origin or "", self.statement, behalf)


class AnswerIn(Form):
    outcome: Literal["upheld", "declined"]
    reason: Annotated[Words, Field(description="For the person, in plain words.")]
    correction: Annotated[
        str | None,
        Field(
            pattern=SUBJECT,
            description="If upheld: the subject of what now stands corrected; the person's id, if the class was. A"
            " judgement is withdrawn.",
        ),
    ] = None

    def answer(self) -> domain.Answer:
        return domain.Answer(State(self.outcome), self.reason, self.correction)


class Listed(BaseModel):
    id: str
    person: str
    period: str
    filed_on: date
    filed_by: str
    filed_at: datetime
    origin: str
    on_behalf_of: str | None
    state: State
    answered_by: str | None
    answered_at: datetime | None
    correction: str | None


class ObjectionOut(Listed):
    """`statement` and `reason` are null for an auditor, who sees that all was done and not what was said."""

    statement: str | None
    reason: str | None


class WantedIn(BaseModel):
    period: Span | None = None
    state: State | None = None
    person: Id | None = None


@router.post("/objections", status_code=201)
async def file(body: FilingIn, edge: Write) -> Created:
    """File an objection for oneself, or for somebody who came, called, wrote or sent somebody."""
    objection = await handlers.file_objection(edge.work, body.filing(), edge.by)
    return await edge.created(objection.id)


@router.post("/objections/{objection}/answer", status_code=201)
async def answer(objection: PathId, body: AnswerIn, edge: Write) -> Created:
    answered = await handlers.answer_objection(edge.work, objection, body.answer(), edge.by)
    return await edge.created(answered.id)


@router.get("/objections")
async def list_objections(edge: Read, paging: Paging, wanted: Annotated[WantedIn, Query()]) -> Page[Listed]:
    people = await handlers.sight(edge.work, edge.by)
    whose = await handlers.entries(edge.work, PersonId(wanted.person) if wanted.person else None)
    only = Wanted(wanted.period, wanted.state, whose)
    rows = await queries.list_objections(edge.work, people, only, paging.limit, after_id(paging))
    return page([Listed(**row) for row in rows], paging, lambda row: (row.id,))


@router.get("/objections/{objection}")
async def one(objection: PathId, edge: Read) -> ObjectionOut:
    found = ObjectionOut(**await queries.one_objection(edge.work, objection))
    if await handlers.see(edge.work, objection, PersonId(found.person), edge.by):
        return found
    return found.model_copy(update={"statement": None, "reason": None})


ERRORS: ErrorTable = {
    domain.ObjectionNotFound: Answer(404, "objection-not-found", "没有这件异议"),
    domain.NotNoticed: Answer(409, "not-noticed", "尚未公示"),
    domain.OutsideWindow: Answer(409, "outside-window", "不在异议期内"),
    domain.AlreadyFinal: Answer(409, "already-final", "已经定案"),
    domain.NotTheDay: Answer(422, "not-the-day", "日期有误"),
    domain.WrongOrigin: Answer(422, "wrong-origin", "办理方式有误"),
    domain.AlreadyObjected: Answer(409, "already-objected", "已有未答复的异议"),
    domain.AlreadyAnswered: Answer(409, "already-answered", "已经答复"),
    domain.OwnObjection: Answer(409, "own-objection", "不能答复自己的异议"),
    domain.OwnDecision: Answer(409, "own-decision", "不能驳回针对自己决定的异议"),
    domain.NeverACorrection: Answer(422, "never-a-correction", "更正有误"),
    domain.CorrectionElsewhere: Answer(422, "correction-elsewhere", "更正不属于所异议的期间"),
    domain.NotCorrected: Answer(409, "not-corrected", "尚未更正"),
    domain.CorrectionMissing: Answer(422, "correction-missing", "更正有误"),
}
