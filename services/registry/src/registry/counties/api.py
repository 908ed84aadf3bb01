"""Counties over HTTP: operators establish them and appoint the admins; whoever belongs to one may read it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from kit.commands import Created, IfMatch, Page, Paging, page, set_etag
from kit.problems import Answer, ErrorTable
from registry.access import Resource, require
from registry.counties import domain, handlers, queries
from registry.counties.domain import DatedNumber
from registry.counties.handlers import AmendCounty, EstablishCounty
from registry.forms import Day, Form, Name, PathId, Read, Write, after_id
from registry.ids import CountyId
from registry.users import handlers as users
from registry.users.api import Login, Password, Word
from registry.users.domain import Role
from registry.users.handlers import CreateUser

router = APIRouter(tags=["counties"])


class NumberIn(Form):
    """A GB/T 2260 number, from a day on."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    since: Day

    def value(self) -> DatedNumber:
        return DatedNumber(self.code, self.since)


Numbers = Annotated[list[NumberIn], Field(min_length=1, max_length=20)]


class CountyIn(Form):
    word: Word
    name: Name
    codes: Numbers


class CountyChange(Form):
    """What is absent or null stays; `codes` are all of them, earlier ones included."""

    name: Name | None = None
    codes: Numbers | None = None


class AdminIn(Form):
    """`password` is the first one: whoever signs in with it must choose another."""

    login: Login
    name: Name
    password: Password


class NumberOut(BaseModel):
    code: str
    since: date


class CountyOut(BaseModel):
    id: str
    word: str
    name: str
    codes: list[NumberOut]


@router.post("/counties", status_code=201)
async def establish(body: CountyIn, edge: Write) -> Created:
    command = EstablishCounty(body.word, body.name, tuple(code.value() for code in body.codes))
    county = await handlers.establish_county(edge.work, command, edge.by)
    return await edge.created(county.id, etag=county.version)


@router.get("/counties")
async def list_counties(edge: Read, paging: Paging) -> Page[CountyOut]:
    require(edge.by, "county.list", Resource(None))
    rows = await queries.list_counties(edge.work, paging.limit, after_id(paging))
    return page([CountyOut(**row) for row in rows], paging, lambda county: (county.id,))


@router.get("/counties/{county}")
async def one(county: PathId, edge: Read) -> CountyOut:
    require(edge.by, "county.view", Resource(county))
    found = await queries.one_county(edge.work, CountyId(county))
    set_etag(edge.response, found["version"])
    return CountyOut(**found)


@router.patch("/counties/{county}")
async def amend(county: PathId, body: CountyChange, seen: IfMatch, edge: Write) -> CountyOut:
    codes = None if body.codes is None else tuple(code.value() for code in body.codes)
    await handlers.amend_county(edge.work, AmendCounty(CountyId(county), seen, body.name, codes), edge.by)
    return await one(county, edge)


@router.post("/counties/{county}/admins", status_code=201)
async def appoint_admin(county: PathId, body: AdminIn, edge: Write) -> Created:
    """The county's first admin, or one after all are closed. Further ones are appointed in the county itself."""
    command = CreateUser(body.login, body.name, Role.ADMIN, (), None, body.password.get_secret_value())
    user = await users.appoint_admin(edge.work, CountyId(county), command, edge.by)
    return await edge.created(user.id)


ERRORS: ErrorTable = {
    domain.UnknownCounty: Answer(404, "unknown-county", "没有这个县"),
    domain.WordTaken: Answer(409, "word-taken", "简称重复"),
    domain.WrongNumbers: Answer(422, "wrong-numbers", "行政区划代码有误"),
}
