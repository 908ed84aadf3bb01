from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from kit.commands import Created, IfMatch, Page, Paging, page, set_etag
from kit.problems import Answer, ErrorTable
from registry.access import Resource, require
from registry.forms import Code, Day, Form, Id, Name, PathId, Read, Write, after_id
from registry.ids import OrganisationId
from registry.organisations import domain, handlers, queries
from registry.organisations.domain import Changes, Kind, Link, Unsaid
from registry.organisations.handlers import AmendOrganisation, FoundOrganisation

router = APIRouter(tags=["organisations"])

ERRORS: ErrorTable = {
    domain.NoSuchOrganisation: Answer(404, "no-such-organisation", "没有找到"),
    domain.UnknownOrganisation: Answer(422, "unknown-organisation", "组织不在册上"),
    domain.WrongFounding: Answer(422, "wrong-founding", "成立日期有误"),
    domain.WrongParent: Answer(422, "wrong-parent", "隶属关系有误"),
}


class FoundingIn(Form):
    kind: Kind
    name: Name
    founded_on: Day
    host: Code | None = None
    parent: Annotated[Id | None, Field(description="What it hangs below from its founding on. Null: nothing.")] = None


class LinkIn(Form):
    parent: Id | None
    since: Day

    def link(self) -> Link:
        return Link(OrganisationId(self.parent) if self.parent else None, self.since)


class AmendmentIn(Form):
    """What is absent stays; a null host is no host. `link` says below what it hangs from a day on."""

    name: Name | None = None
    host: Code | None = None
    link: LinkIn | None = None

    def changes(self) -> Changes:
        host = self.host if "host" in self.model_fields_set else Unsaid.UNSAID
        return Changes(self.name, host, self.link.link() if self.link else None)


class LinkOut(BaseModel):
    parent: str | None
    since: date


class OrganisationOut(BaseModel):
    id: str
    kind: str
    name: str
    founded_on: date
    host: str | None
    parents: list[LinkOut]


@router.post("/organisations", status_code=201)
async def found(body: FoundingIn, edge: Write) -> Created:
    parent = OrganisationId(body.parent) if body.parent else None
    command = FoundOrganisation(body.kind, body.name, body.founded_on, body.host, parent)
    founded = await handlers.found_organisation(edge.work, command, edge.by)
    return await edge.created(founded.id, etag=founded.revision)


@router.patch("/organisations/{organisation}")
async def amend(organisation: PathId, body: AmendmentIn, seen: IfMatch, edge: Write) -> OrganisationOut:
    id_ = OrganisationId(organisation)
    await handlers.amend_organisation(edge.work, AmendOrganisation(id_, seen, body.changes()), edge.by)
    return await _answer(id_, edge)


@router.get("/organisations")
async def list_(paging: Paging, edge: Read, kind: Kind | None = None) -> Page[OrganisationOut]:
    require(edge.by, "organisation.list", Resource(edge.work.county))
    rows = await queries.list_organisations(edge.work, kind, paging.limit, after_id(paging))
    return page([OrganisationOut.model_validate(dict(row)) for row in rows], paging, lambda one: (one.id,))


@router.get("/organisations/{organisation}")
async def one(organisation: PathId, edge: Read) -> OrganisationOut:
    require(edge.by, "organisation.list", Resource(edge.work.county))
    return await _answer(OrganisationId(organisation), edge)


async def _answer(organisation: OrganisationId, edge: Read) -> OrganisationOut:
    row = await queries.one_organisation(edge.work, organisation)
    set_etag(edge.response, row["revision"])
    return OrganisationOut.model_validate(dict(row))
