"""What the routers of this service share: their two edges, and the kinds of field that a request may carry."""

import re
from datetime import date
from typing import Annotated

from fastapi import Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from kit.commands import BadCursor, Edge, PageQuery, read_edge, write_edge
from registry.work import Work

Write = Annotated[Edge[Work], Depends(write_edge, scope="function")]
Read = Annotated[Edge[Work], Depends(read_edge, scope="function")]

UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
Id = Annotated[str, Field(pattern=UUID7)]
PathId = Annotated[str, Path(pattern=UUID7)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
# No control characters: they are invisible in a list, and PostgreSQL refuses one of them.
Name = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[^\x00-\x1f\x7f]+$")]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]


class Form(BaseModel):
    """A request's body: an unknown field is a mistake, not something to be passed over."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def after_id(paging: PageQuery) -> str | None:
    """The id after which a page begins, of lists whose cursor is one id. Raises BadCursor."""
    match paging.after:
        case None:
            return None
        case (str(id_),) if re.match(UUID7, id_):
            return id_
    raise BadCursor("cursor 有误，请从第一页重新翻起。")
