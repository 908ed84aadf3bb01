"""What the routers of this service share: their edges, and the kinds of field that a request may carry."""

import re
from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from kit import commands
from kit.commands import BadCursor, Edge, PageQuery
from scoring.work import Work

Write = commands.Write[Work]
Read = commands.Read[Work]


async def _snapshot(edge: Read) -> Edge[Work]:
    """Several statements, one moment: else a batch that commits between them gives figures that do not add up."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    await edge.work.session.connection(execution_options=options)
    return edge


Snapshot = Annotated[Edge[Work], Depends(_snapshot, scope="function")]

UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
QUARTER = r"^20[0-9]{2}Q[1-4]$"
YEAR = r"^20[0-9]{2}$"
SPAN = r"^20[0-9]{2}(Q[1-4])?$"
Id = Annotated[str, Field(pattern=UUID7)]
PathId = Annotated[str, Path(pattern=UUID7)]
Quarter = Annotated[str, Field(pattern=QUARTER)]
PathQuarter = Annotated[str, Path(pattern=QUARTER)]
PathYear = Annotated[str, Path(pattern=YEAR)]
InPeriod = Annotated[str, Query(pattern=QUARTER, description="a quarter, such as 2022Q1")]
WRITTEN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+$"
"""Several lines, but nothing that no keyboard writes: PostgreSQL refuses some of it."""
AsOf = Annotated[
    date | None, Query(description="whose home branch counts: that of this day; else the period's last day, or today")
]


class Form(BaseModel):
    """A request's body: an unknown field is a mistake, not something to be passed over."""

    model_config = ConfigDict(extra="forbid")


def after_id(paging: PageQuery) -> str:
    """The id after which a page begins, of lists whose cursor is one id. Raises BadCursor."""
    match paging.after:
        case None:
            return ""
        case (str(id_),) if re.match(UUID7, id_):
            return id_
    raise BadCursor("cursor 有误，请从第一页重新翻起。")


def after_code(paging: PageQuery, pattern: str) -> str:
    """The same for lists whose cursor is a code. Raises BadCursor."""
    match paging.after:
        case None:
            return ""
        case (str(code),) if re.match(pattern, code):
            return code
    raise BadCursor("cursor 有误，请从第一页重新翻起。")
