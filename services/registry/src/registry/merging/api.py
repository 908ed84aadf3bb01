from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from kit.commands import Created
from kit.problems import Answer, ErrorTable
from registry.forms import Form, Id, PathId, Write
from registry.ids import PersonId
from registry.merging import domain, handlers
from registry.merging.handlers import MergePerson

router = APIRouter(tags=["merging"])

ERRORS: ErrorTable = {
    domain.SameEntry: Answer(422, "same-entry", "同一条登记"),
    domain.IntoMerged: Answer(409, "into-merged", "保留的登记已合并"),
    domain.AlreadyOne: Answer(409, "already-one", "已经合并过"),
    domain.DeathsDisagree: Answer(409, "deaths-disagree", "去世登记不一致"),
}


class MergeIn(Form):
    into: Annotated[Id, Field(description="The entry of the same person that goes on.")]


@router.post("/people/{person}/merging", status_code=201)
async def merge(person: PathId, body: MergeIn, edge: Write) -> Created:
    """End a second entry of somebody. Its memberships end; what it attended stays, and counts for the kept entry."""
    command = MergePerson(PersonId(person), PersonId(body.into))
    saved = await handlers.merge_person(edge.work, command, edge.by)
    return await edge.created(saved.id, etag=saved.etag)
