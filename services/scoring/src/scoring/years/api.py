"""Years over HTTP."""

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel

from kit.commands import Created, Page, Paging, page
from kit.problems import Answer, ErrorTable
from scoring.forms import Form, PathYear, Read, Write, after_id
from scoring.years import domain, handlers, queries
from scoring.years.handlers import EvaluateYear

router = APIRouter(tags=["years"])


class EvaluationIn(Form):
    published_on: date
    """The day on which the notices were posted up."""


class PersonOut(BaseModel):
    person: str
    branch: str | None
    quarters: dict[str, int]
    """What was published for each quarter, by its close or later in the year, in tenths of a point."""
    total_tenths: int
    grade: str | None


class YearOut(Page[PersonOut]):
    year: int
    book: str
    people: int
    grades: dict[str, int]
    published_on: date
    window_days: int
    objections_until: date
    evaluated_at: datetime


@router.post("/years/{year}/evaluation", status_code=201)
async def evaluate(year: PathYear, body: EvaluationIn, edge: Write) -> Created:
    """Evaluate a year whose quarters are all final, and publish one notice per branch."""
    done = await handlers.evaluate_year(edge.work, EvaluateYear(int(year), body.published_on), edge.by)
    return await edge.created(str(done.year))


@router.get("/years/{year}")
async def one(year: PathYear, edge: Read, paging: Paging) -> YearOut:
    """The year, and the people of it whom the asker may see, in the order of their ids."""
    sight = await handlers.sight(edge.work, edge.by)
    head = await queries.one_year(edge.work, int(year))
    rows = await queries.people_of(edge.work, int(year), sight, paging.limit, after_id(paging))
    cut = page([PersonOut(**row) for row in rows], paging, lambda row: (row.person,))
    return YearOut(items=cut.items, next=cut.next, **head)


ERRORS: ErrorTable = {
    domain.AlreadyEvaluated: Answer(409, "already-evaluated", "已经总评"),
    domain.LastQuarterMissing: Answer(409, "last-quarter-missing", "全年尚未结束"),
    domain.NotAllFinal: Answer(409, "not-all-final", "尚有季度未定案"),
    domain.NoYearRule: Answer(409, "no-year-rule", "没有年度总评的规定"),
    domain.YearNotFound: Answer(404, "year-not-found", "年度尚未总评"),
}
