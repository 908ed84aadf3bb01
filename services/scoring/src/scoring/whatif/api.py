"""A preview of a book over HTTP: who would gain or lose in a quarter, and why. Nothing is kept of it."""

from dataclasses import asdict

from fastapi import APIRouter
from pydantic import BaseModel

from kit.commands import Page, Paging, page
from kit.problems import ErrorTable
from scoring.access import Resource, require
from scoring.forms import InPeriod, PathId, Snapshot, after_id
from scoring.ids import PersonId
from scoring.whatif import handlers
from scoring.whatif.domain import Outcome, Tally, Verdict

router = APIRouter(tags=["books"])


class ChangeOut(BaseModel):
    """The base, an item or an aspect that comes to something else; an empty arithmetic: that book does not have it."""

    code: str
    name: str
    before_tenths: int
    after_tenths: int
    arithmetic_before: str
    arithmetic_after: str


class OutcomeOut(BaseModel):
    """The quarter's own total, without what late facts of other quarters add. Null: not in scope."""

    person: str
    verdict: Verdict
    before_tenths: int | None
    """Under the book in force, by all that is known now: of a closed quarter not what its close published."""
    after_tenths: int | None
    arithmetic_before: str
    arithmetic_after: str
    changes: list[ChangeOut]

    @classmethod
    def of(cls, outcome: Outcome) -> "OutcomeOut":
        told = [{**asdict(each), "before_tenths": each.before, "after_tenths": each.after} for each in outcome.changes]
        return cls(
            person=outcome.person, verdict=outcome.verdict, before_tenths=outcome.before, after_tenths=outcome.after,
            arithmetic_before=outcome.arithmetic_before, arithmetic_after=outcome.arithmetic_after,
            changes=[ChangeOut.model_validate(each) for each in told],
        )  # fmt: skip


class TallyOut(BaseModel):
    before_tenths: int
    after_tenths: int
    people: dict[Verdict, int]


class PreviewPage(Page[OutcomeOut]):
    """`county`: everybody together, with the first page only."""

    book: str
    period: str
    county: TallyOut | None


@router.get("/books/{book}/preview")
async def preview(book: PathId, period: InPeriod, edge: Snapshot, paging: Paging) -> PreviewPage:
    """Try a book, draft or adopted, on an opened quarter beside the one that rules it, in the order of people's ids."""
    require(edge.by, "book.preview", Resource(edge.by.county))
    work = edge.work
    trial = await handlers.trial_of(work, work.county, period, await handlers.book_of(work, work.county, book))
    after = PersonId(after_id(paging))
    rows = await handlers.outcomes(work, work.county, trial, after=after, most=paging.limit + 1)
    cut = page([OutcomeOut.of(row) for row in rows], paging, lambda row: (row.person,))
    tally = Tally()
    if not after:
        async for chunk in handlers.everybody(work, work.county, trial):
            for outcome in chunk:
                tally.add(outcome)
    county = None if after else TallyOut(before_tenths=tally.before, after_tenths=tally.after, people=tally.verdicts)
    return PreviewPage(items=cut.items, next=cut.next, book=book, period=period, county=county)


ERRORS: ErrorTable = {}
