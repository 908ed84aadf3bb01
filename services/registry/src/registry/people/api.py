"""People over HTTP. Lists and single answers show who is in the books; a sensitive field has an address of its own."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StrictBool

from kit.commands import Created, IfMatch, Page, PageQuery, Paging, page, set_etag
from kit.problems import Answer, ErrorTable
from registry.access import Resource, require
from registry.days import day_of
from registry.forms import Code, Day, Form, Line, Name, PathId, Read, Write, after_id
from registry.identity.domain import IdentityNumber, InvalidIdentityNumber, InvalidPhone, Phone
from registry.ids import PersonId
from registry.people import domain, handlers, queries
from registry.people.domain import Kind, Residence, Standing, Status
from registry.people.handlers import AmendPerson, ConfirmCode, Disclose, RegisterPerson
from registry.people.repository import Particulars

router = APIRouter(tags=["people"])

Reason = Literal["contact", "verify", "visit", "benefit", "correct"]


class ConfirmedIn(Form):
    code: Code
    since: Day


class PersonIn(Form):
    name: Name
    identity_number: Line | None = None
    phone: Line | None = None
    address: Line | None = None
    kind: Kind
    party_member: StrictBool
    rank: Code | None = None
    township: Code | None = None
    residence: Residence | None = None
    classes: tuple[ConfirmedIn, ...] = ()
    capacities: tuple[ConfirmedIn, ...] = ()

    def command(self, today: date) -> RegisterPerson:
        return RegisterPerson(
            standing=Standing(self.kind, self.party_member, self.rank, self.township, self.residence),
            private=_particulars(self.model_dump(include=PRIVATE), today),
            classes=_confirmed(self.classes),
            capacities=_confirmed(self.capacities),
        )


class PersonChange(Form):
    """What is absent stays; a null takes away phone, address, rank, township or residence, and leaves the others."""

    name: Name | None = None
    identity_number: Line | None = None
    phone: Line | None = None
    address: Line | None = None
    kind: Kind | None = None
    party_member: StrictBool | None = None
    rank: Code | None = None
    township: Code | None = None
    residence: Residence | None = None

    def command(self, person: str, seen: int, today: date) -> AmendPerson:
        told = {field: getattr(self, field) for field in self.model_fields_set}
        told = {field: value for field, value in told.items() if value is not None or field not in ALWAYS}
        changes = {field: value for field, value in told.items() if field not in PRIVATE}
        private = _particulars({field: value for field, value in told.items() if field in PRIVATE}, today)
        return AmendPerson(PersonId(person), seen, changes, private)


class SearchIn(Form):
    """Of a name, how it begins; of a number, all of it, in either form."""

    field: Literal["identity", "phone", "name"]
    text: Line


class Listed(BaseModel):
    id: str
    name: str
    kind: Kind
    party_member: bool
    rank: str | None
    township: str | None
    residence: Residence | None
    status: Status
    status_since: date | None
    merged_into: Annotated[str | None, Field(description="The entry of the same person that goes on; this one ended.")]


class DatedCodeOut(BaseModel):
    code: str
    since: date


class DatedStatusOut(BaseModel):
    status: Status
    since: date


class PersonOut(Listed):
    """`statuses` are every change of status, the earliest first; none: here since before the books."""

    statuses: list[DatedStatusOut]
    classes: list[DatedCodeOut]
    capacities: list[DatedCodeOut]
    has_identity: bool
    has_phone: bool
    has_address: bool


class Disclosed(BaseModel):
    """One sensitive field; null where the books have none."""

    text: str | None


ALWAYS = {"name", "identity_number", "kind", "party_member"}
PRIVATE = {"name", "identity_number", "phone", "address"}


@router.post("/people", status_code=201)
async def register(body: PersonIn, edge: Write) -> Created:
    person = await handlers.register_person(edge.work, body.command(day_of(edge.work.now)), edge.by)
    return await edge.created(person.id, etag=person.etag)


@router.get("/people")
async def list_people(
    edge: Read,
    paging: Paging,
    kind: Kind | None = None,
    status: Status | None = None,
    merged: Annotated[bool, Query(description="Whether to list the entries that were merged too.")] = False,
) -> Page[Listed]:
    require(edge.by, "person.list", Resource(edge.work.county))
    return await _listed(edge, paging, queries.Filter(kind=kind, status=status, merged=merged))


@router.get("/people/{person}")
async def one(person: PathId, edge: Read) -> PersonOut:
    require(edge.by, "person.view", Resource(edge.work.county))
    found = await queries.one_person(edge.work, PersonId(person))
    set_etag(edge.response, found["etag"])
    return PersonOut(**found)


@router.patch("/people/{person}")
async def amend(person: PathId, body: PersonChange, seen: IfMatch, edge: Write) -> PersonOut:
    await handlers.amend_person(edge.work, body.command(person, seen, day_of(edge.work.now)), edge.by)
    return await one(person, edge)


@router.post("/people/{person}/classes", status_code=201)
async def classify(person: PathId, body: ConfirmedIn, edge: Write) -> Created:
    """Confirm the class that rules count by, from a day on. The confirming person is the one who asks."""
    code = ConfirmCode(body.code, body.since)
    done = await handlers.classify_person(edge.work, PersonId(person), code, edge.by)
    return await edge.created(done.id, etag=done.etag)


@router.post("/people/{person}/capacities", status_code=201)
async def assess(person: PathId, body: ConfirmedIn, edge: Write) -> Created:
    """Confirm how far the person can take part, from a day on; why is nobody's business here."""
    code = ConfirmCode(body.code, body.since)
    done = await handlers.assess_person(edge.work, PersonId(person), code, edge.by)
    return await edge.created(done.id, etag=done.etag)


@router.get("/people/{person}/sealed/{field}")
async def disclose(
    person: PathId, field: Literal["identity", "phone", "address"], reason: Reason, edge: Read
) -> Disclosed:
    """Read one sensitive field. Who, when, whose, which and why go into the audit trail."""
    edge.response.headers["Cache-Control"] = "no-store"
    return Disclosed(text=await handlers.disclose(edge.work, Disclose(PersonId(person), field, reason), edge.by))


@router.post("/people/searches", status_code=200)
async def find(body: SearchIn, edge: Read, paging: Paging) -> Page[Listed]:
    """Whose name or number this is. It changes nothing, so it takes no key; it is no GET: addresses end up in logs."""
    if body.field == "name":
        await handlers.search_people(edge.work, body.field, edge.by)
        return await _listed(edge, paging, queries.Filter(name=body.text))
    today = day_of(edge.work.now)
    text = IdentityNumber.parse(body.text, today).text if body.field == "identity" else Phone.parse(body.text).text
    found = await handlers.find_people(edge.work, body.field, text, edge.by)
    return await _listed(edge, paging, queries.Filter(people=tuple(found), merged=True))


async def _listed(edge: Read, paging: PageQuery, wanted: queries.Filter) -> Page[Listed]:
    rows = await queries.list_people(edge.work, wanted, paging.limit, after_id(paging))
    return page([Listed(**row) for row in rows], paging, lambda row: (row.id,))


def _confirmed(codes: tuple[ConfirmedIn, ...]) -> tuple[ConfirmCode, ...]:
    return tuple(ConfirmCode(code.code, code.since) for code in codes)


def _particulars(told: dict[str, Any], today: date) -> Particulars:
    number, phone = told.get("identity_number"), told.get("phone")
    return Particulars(
        name=told.get("name"),
        identity=IdentityNumber.parse(number, today) if number else None,
        phone=Phone.parse(phone) if phone else None,
        address=told.get("address"),
        forgotten=frozenset(field for field in ("phone", "address") if field in told and told[field] is None),
    )


ERRORS: ErrorTable = {
    InvalidIdentityNumber: Answer(422, "invalid-identity-number", "身份证号有误"),
    InvalidPhone: Answer(422, "invalid-phone", "电话有误"),
    domain.UnknownPerson: Answer(404, "unknown-person", "没有这个人员"),
    domain.Merged: Answer(409, "merged", "登记已合并"),
    domain.AlreadyRegistered: Answer(409, "already-registered", "重复登记"),
    domain.MemberWithoutParty: Answer(422, "member-without-party", "人员类别与党员身份不符"),
    domain.DateInFuture: Answer(422, "date-in-future", "日期有误"),
    domain.BeforeLastChange: Answer(422, "before-last-change", "日期有误"),
    domain.AlreadyDied: Answer(409, "already-died", "此人已去世"),
    domain.AlreadyAway: Answer(409, "already-away", "此人已迁出"),
    domain.NoSuchStatus: Answer(409, "no-such-status", "没有这条记录"),
    domain.StatusesDisagree: Answer(422, "statuses-disagree", "前后矛盾"),
    domain.NotAway: Answer(409, "not-away", "此人没有迁出"),
}
