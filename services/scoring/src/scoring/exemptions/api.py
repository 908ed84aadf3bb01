"""Exemptions over HTTP."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from kit.commands import Created, Page, Paging, page
from kit.problems import Answer, ErrorTable
from scoring.exemptions import domain, handlers, queries
from scoring.exemptions.handlers import GrantExemption
from scoring.forms import UUID7, WRITTEN, Form, Id, PathId, Read, Write, after_id
from scoring.ids import PersonId
from scoring.judgements import handlers as judgements
from scoring.judgements.domain import Sight

router = APIRouter(tags=["exemptions"])


class ExemptionIn(Form):
    person: Id
    since: Annotated[date, Field(ge=date(1900, 1, 1))]
    until: date | None = None
    """The first day no longer exempt."""
    decision: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=WRITTEN)]
    """Which decision it rests on, as the minutes name it. Nobody else is told."""

    def command(self) -> GrantExemption:
        return GrantExemption(PersonId(self.person), self.since, self.until, self.decision)


class EndIn(Form):
    until: date
    """The first day no longer exempt."""


class ExemptionOut(BaseModel):
    id: str
    person: str
    since: date
    until: date | None
    decision: str | None
    """Null for everybody but the office."""
    state: str
    version: int
    granted_by: str
    granted_at: datetime
    changed_by: str | None
    changed_at: datetime | None


@router.post("/exemptions", status_code=201)
async def grant(body: ExemptionIn, edge: Write) -> Created:
    """Exempt somebody, also for days past: what it touches is rated again at once."""
    return await edge.created((await handlers.grant_exemption(edge.work, body.command(), edge.by)).id)


@router.post("/exemptions/{exemption}/ending", status_code=201)
async def end(exemption: PathId, body: EndIn, edge: Write) -> Created:
    return await edge.created((await handlers.end_exemption(edge.work, exemption, body.until, edge.by)).id)


@router.post("/exemptions/{exemption}/withdrawal", status_code=201)
async def withdraw(exemption: PathId, edge: Write) -> Created:
    """Take it back as a mistake, as if it had never been."""
    return await edge.created((await handlers.withdraw_exemption(edge.work, exemption, edge.by)).id)


@router.get("/exemptions")
async def list_exemptions(
    edge: Read,
    paging: Paging,
    person: Annotated[
        str | None, Query(pattern=UUID7, description="only what holds for this person, under every entry")
    ] = None,
) -> Page[ExemptionOut]:
    """What the asker may see: a member the own, a recorder those of people at home in their branches, the desk all."""
    sight = await judgements.sight(edge.work, "exemption", edge.by)
    wanted = await judgements.entries(edge.work, PersonId(person)) if person else None
    rows = await queries.list_exemptions(edge.work, sight.people, wanted, paging.limit, after_id(paging))
    return page([_out(row, sight) for row in rows], paging, lambda row: (row.id,))


@router.get("/exemptions/{exemption}")
async def one(exemption: PathId, edge: Read) -> ExemptionOut:
    sight = await judgements.sight(edge.work, "exemption", edge.by)
    return _out(await queries.one_exemption(edge.work, sight.people, exemption), sight)


def _out(row: Mapping[str, Any], sight: Sight) -> ExemptionOut:
    whole = ExemptionOut(**row)
    return whole if sight.tells(whole.person) else whole.model_copy(update={"decision": None})


ERRORS: ErrorTable = {
    domain.ExemptionNotFound: Answer(404, "exemption-not-found", "没有这项免予考核"),
    domain.DaysReversed: Answer(422, "days-reversed", "日期先后有误"),
    domain.AlreadyExempt: Answer(409, "already-exempt", "日期重叠"),
    domain.NothingToChange: Answer(409, "nothing-to-change", "没有改动"),
    domain.ExemptionWithdrawn: Answer(409, "exemption-withdrawn", "已经撤回"),
}
