"""The trail for the auditor, who is neither the desk nor the operator; reading it leaves a line too."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from kit.commands import BadCursor, Page, PageQuery, Paging, page
from registry.access import Resource, require
from registry.audit import queries
from registry.audit.repository import Trace
from registry.forms import Id, Read

router = APIRouter(tags=["audit"])


class Line(BaseModel):
    """Who did what to whom, which field of theirs, and for what reason; never what stood in it."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    field: str | None
    reason: str | None


@router.get("/audit")
async def trail(edge: Read, paging: Paging, subject: Id | None = None, actor: Id | None = None) -> Page[Line]:
    require(edge.by, "audit.view", Resource(edge.by.county))
    rows = await queries.trail(edge.work, subject, actor, paging.limit, _before(paging))
    await edge.work.audit.add([Trace(edge.by.user, "audit.view", subject or actor or "all")])
    return page([Line(**row) for row in rows], paging, lambda line: (line.id,))


def _before(paging: PageQuery) -> int | None:
    match paging.after:
        case None:
            return None
        case (int(line),) if 0 < line < 2**63:
            return line
    raise BadCursor("cursor 有误，请从第一页重新翻起。")
