"""Rosters over HTTP: the file is the body, as it is, so that the same file is the same request."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel

from kit.commands import Created, Page, Paging, page
from kit.problems import Answer, ErrorTable
from registry.access import Resource, require
from registry.forms import PathId, Read, Write, after_id
from registry.rosters import handlers, queries
from registry.rosters.domain.reading import BrokenRoster, UnreadableRoster
from registry.rosters.handlers import UploadRoster
from registry.sheets import UnreadableSheet, read_sheet

router = APIRouter(tags=["rosters"])


class Listed(BaseModel):
    """`registered`, `changed`, `unchanged` count rows; of a dry run, what they would have become."""

    id: str
    dry_run: bool
    registered: int
    changed: int
    unchanged: int
    uploaded_at: datetime
    uploaded_by: str


class FaultOut(BaseModel):
    """`row` counts as the spreadsheet does, from 1."""

    row: int
    column: str
    reason: str


class RosterOut(Listed):
    """`ignored` are the columns (A, B, …) whose heading we do not know."""

    ignored: list[str]
    faults: list[FaultOut]


@router.post("/rosters", status_code=201)
async def upload(
    content: Annotated[bytes, Body(media_type="application/octet-stream", description=".xlsx or .csv")],
    edge: Write,
    dry_run: Annotated[bool, Query(description="only look, and report every fault")] = False,
) -> Created:
    """Take a roster over, all of it or nothing. A dry run takes nothing over and lists the faults in its report."""
    require(edge.by, "roster.import", Resource(edge.by.county))
    sheet = await asyncio.to_thread(read_sheet, content)
    done = await handlers.upload_roster(edge.work, UploadRoster(sheet, dry_run), edge.by)
    return await edge.created(done.id)


@router.get("/rosters")
async def list_rosters(edge: Read, paging: Paging) -> Page[Listed]:
    require(edge.by, "roster.view", Resource(edge.work.county))
    rows = await queries.list_rosters(edge.work, paging.limit, after_id(paging))
    return page([Listed(**row) for row in rows], paging, lambda row: (row.id,))


@router.get("/rosters/{roster}")
async def one(roster: PathId, edge: Read) -> RosterOut:
    require(edge.by, "roster.view", Resource(edge.work.county))
    return RosterOut(**await queries.one_roster(edge.work, roster))


ERRORS: ErrorTable = {
    UnreadableSheet: Answer(422, "unreadable-sheet", "文件无法读取"),
    UnreadableRoster: Answer(422, "unreadable-roster", "不是名册"),
    BrokenRoster: Answer(422, "broken-roster", "名册有误"),
    queries.UnknownRoster: Answer(404, "unknown-roster", "没有找到"),
}
