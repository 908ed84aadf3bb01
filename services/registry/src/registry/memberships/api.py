"""Memberships over HTTP. What a POST changes is the person's history, so its answer names the person."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel

from kit.commands import BadCursor, Created, Page, PageQuery, Paging, page
from kit.problems import Answer, ErrorTable
from registry.days import day_of
from registry.forms import Day, Form, Id, PathId, Read, Write, after_id, is_id
from registry.ids import OrganisationId, PersonId
from registry.memberships import domain, handlers, queries
from registry.memberships.domain import Kind, Seat
from registry.memberships.handlers import Join

router = APIRouter(tags=["memberships"])

ERRORS: ErrorTable = {
    domain.WrongDay: Answer(422, "wrong-day", "日期有误"),
    domain.WrongOrganisation: Answer(422, "wrong-organisation", "组织类别不符"),
    domain.AlreadyMember: Answer(409, "already-member", "已有归属"),
    domain.NotMember: Answer(409, "not-member", "没有归属"),
    domain.AfterDeath: Answer(409, "after-death", "此人已去世"),
}


class JoinIn(Form):
    organisation: Id
    kind: Kind
    since: Day


class SeatIn(Form):
    person: Id
    since: Day


class MembershipOut(BaseModel):
    organisation: str
    name: str
    kind: Kind
    since: date
    until: date | None


class MemberOut(BaseModel):
    person: str
    name: str
    kind: Kind
    since: date
    until: date | None


@router.post("/people/{person}/memberships", status_code=201)
async def join(person: PathId, body: JoinIn, edge: Write) -> Created:
    command = Join(PersonId(person), OrganisationId(body.organisation), body.kind, body.since)
    return await edge.created((await handlers.join(edge.work, command, edge.by)).person)


@router.get("/people/{person}/memberships")
async def of_person(person: PathId, paging: Paging, edge: Read) -> Page[MembershipOut]:
    await handlers.require_list_of(edge.work, PersonId(person), edge.by)
    rows = await queries.memberships_of(edge.work, PersonId(person), paging.limit, _after(paging))
    return page([MembershipOut(**row) for row in rows], paging, lambda one: (one.since.isoformat(), one.organisation))


@router.get("/branches/{organisation}/members")
async def of_branch(organisation: PathId, paging: Paging, edge: Read, on: Day | None = None) -> Page[MemberOut]:
    """Who belongs to it on a day, today if none is given."""
    await handlers.require_list_in(edge.work, OrganisationId(organisation), edge.by)
    day = on or day_of(edge.work.now)
    rows = await queries.members_on(edge.work, OrganisationId(organisation), day, paging.limit, after_id(paging))
    return page([MemberOut(**row) for row in rows], paging, lambda one: (one.person,))


@router.post("/branches/{organisation}/committee", status_code=201)
async def take_seat(organisation: PathId, body: SeatIn, edge: Write) -> Created:
    seat = Seat(OrganisationId(organisation), PersonId(body.person), body.since)
    await handlers.take_seat(edge.work, seat, edge.by)
    return await edge.created(body.person)


def _after(paging: PageQuery) -> tuple[date, str] | None:
    try:
        match paging.after:
            case None:
                return None
            case (str(since), str(organisation)) if is_id(organisation):
                return date.fromisoformat(since), organisation
    except ValueError:
        pass
    raise BadCursor("cursor 有误，请从第一页重新翻起。")
