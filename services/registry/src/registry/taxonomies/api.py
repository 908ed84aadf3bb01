from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from kit.commands import Created
from kit.problems import Answer, ErrorTable
from registry.access import Resource, require
from registry.forms import Code, Day, Form, Name, Read, Write
from registry.taxonomies import domain, handlers, queries
from registry.taxonomies.domain import Due, ListName
from registry.taxonomies.handlers import AdoptTaxonomy

router = APIRouter(tags=["taxonomies"])

ERRORS: ErrorTable = {
    domain.BadList: Answer(422, "bad-list", "代码表有误"),
    domain.WrongCode: Answer(422, "wrong-code", "代码有误"),
}


class CodeIn(Form):
    code: Code
    name: Name
    since: Day | None = None
    until: Annotated[Day | None, Field(description="The first day it no longer holds.")] = None
    due: Annotated[Due | None, Field(description="Activity kinds only: who has to come.")] = None
    party_life: Annotated[bool, Field(description="Activity kinds only: 三会一课 and its like.")] = False
    successor: Code | None = None


class TaxonomyIn(Form):
    """A list as a whole. A code that was posted before may be ended, not left out."""

    name: ListName
    codes: Annotated[list[CodeIn], Field(min_length=1, max_length=5000)]


class CodeOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    since: date | None
    until: date | None
    due: str | None
    party_life: bool
    successor: str | None


class TaxonomyOut(BaseModel):
    id: str
    name: str
    version: int
    adopted_at: datetime
    codes: list[CodeOut]


@router.post("/taxonomies", status_code=201)
async def adopt(body: TaxonomyIn, edge: Write) -> Created:
    codes = tuple(domain.Code(**dict(code)) for code in body.codes)
    return await edge.created(await handlers.adopt_taxonomy(edge.work, AdoptTaxonomy(body.name, codes), edge.by))


@router.get("/taxonomies")
async def lists(edge: Read) -> list[TaxonomyOut]:
    require(edge.by, "taxonomy.view", Resource(edge.work.county))
    return [TaxonomyOut.model_validate(found) for found in await queries.lists_in_force(edge.work)]
