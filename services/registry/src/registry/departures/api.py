from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from kit.commands import Created
from kit.problems import Answer, ErrorTable
from registry.departures import domain, handlers
from registry.departures.handlers import CorrectStatus, RecordDeath
from registry.forms import Day, Form, Id, PathId, Write
from registry.ids import OrganisationId, PersonId
from registry.memberships.handlers import Leave, Transfer
from registry.people.domain import DatedStatus, Status

router = APIRouter(tags=["departures"])

ERRORS: ErrorTable = {domain.AttendedLater: Answer(409, "attended-later", "与签到记录矛盾")}


class DeathIn(Form):
    died_on: Day


class CorrectionIn(Form):
    """`status` and `since` are the entry as it stands."""

    status: Status
    since: Day
    right: Annotated[Day | None, Field(description="The day that is right. Null: it never happened.")]


class MoveIn(Form):
    on: Day
    direction: Literal["away", "back"] = "away"


class TransferIn(Form):
    organisation: Annotated[Id, Field(description="The new home branch.")]
    on: Annotated[Day, Field(description="The first day in it, and the first day no longer in the old one.")]


class EndIn(Form):
    on: Annotated[
        Day,
        Field(description="The first day that it no longer holds. The first day of a membership: it was a mistake."),
    ]


@router.post("/people/{person}/death", status_code=201)
async def die(person: PathId, body: DeathIn, edge: Write) -> Created:
    """Enter a death: memberships end with that day, absences of later days are withdrawn."""
    saved = await handlers.record_death(edge.work, RecordDeath(PersonId(person), body.died_on), edge.by)
    return await edge.created(saved.id, etag=saved.etag)


@router.post("/people/{person}/status-corrections", status_code=201)
async def correct_status(person: PathId, body: CorrectionIn, edge: Write) -> Created:
    """Correct an entry of the person's `statuses`: another day, or null to take it back."""
    command = CorrectStatus(PersonId(person), DatedStatus(body.status, body.since), body.right)
    saved = await handlers.correct_status(edge.work, command, edge.by)
    return await edge.created(saved.id, etag=saved.etag)


@router.post("/people/{person}/moves", status_code=201)
async def move(person: PathId, body: MoveIn, edge: Write) -> Created:
    """The person left the county, or came back. Absences of days away are withdrawn."""
    back = body.direction == "back"
    done = await handlers.move(edge.work, PersonId(person), body.on, edge.by, back=back)
    return await edge.created(done.id, etag=done.etag)


@router.post("/people/{person}/transfers", status_code=201)
async def transfer(person: PathId, body: TransferIn, edge: Write) -> Created:
    command = Transfer(PersonId(person), OrganisationId(body.organisation), body.on)
    return await edge.created((await handlers.transfer(edge.work, command, edge.by)).person)


@router.post("/people/{person}/memberships/{organisation}/ending", status_code=201)
async def leave(person: PathId, organisation: PathId, body: EndIn, edge: Write) -> Created:
    command = Leave(PersonId(person), OrganisationId(organisation), body.on)
    return await edge.created((await handlers.leave(edge.work, command, edge.by)).person)


@router.post("/branches/{organisation}/committee/{person}/ending", status_code=201)
async def leave_seat(organisation: PathId, person: PathId, body: EndIn, edge: Write) -> Created:
    await handlers.leave_seat(edge.work, Leave(PersonId(person), OrganisationId(organisation), body.on), edge.by)
    return await edge.created(person)
