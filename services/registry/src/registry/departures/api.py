from fastapi import APIRouter

from kit.commands import Created
from kit.problems import Answer, ErrorTable
from registry.departures import domain, handlers
from registry.departures.handlers import RecordDeath
from registry.forms import Day, Form, PathId, Write
from registry.ids import PersonId

router = APIRouter(tags=["departures"])

ERRORS: ErrorTable = {domain.AttendedLater: Answer(409, "attended-later", "与签到记录矛盾")}


class DeathIn(Form):
    died_on: Day


@router.post("/people/{person}/death", status_code=201)
async def die(person: PathId, body: DeathIn, edge: Write) -> Created:
    """Enter a death: memberships end with that day, absences of later days are withdrawn."""
    saved = await handlers.record_death(edge.work, RecordDeath(PersonId(person), body.died_on), edge.by)
    return await edge.created(saved.id, etag=saved.etag)
