"""What the routers of this service share: their two edges, and the kinds of field that a request may carry."""

import re
from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from kit import commands
from kit.commands import BadCursor, PageQuery
from registry.texts import LONGEST_LINE, LONGEST_NAME, PRINTED
from registry.work import Work

Write = commands.Write[Work]
Read = commands.Read[Work]

UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
Id = Annotated[str, Field(pattern=UUID7)]
PathId = Annotated[str, Path(pattern=UUID7)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=PRINTED)]
Line = Annotated[str, Field(min_length=1, max_length=LONGEST_LINE, pattern=PRINTED)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]


class Form(BaseModel):
    """A request's body: an unknown field is a mistake, not something to be passed over."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def is_id(text: str) -> bool:
    """Whether part of a cursor may be compared with an id: anything else may hold what PostgreSQL refuses."""
    return re.fullmatch(UUID7, text) is not None


def after_id(paging: PageQuery) -> str | None:
    """The id after which a page begins, of lists whose cursor is one id. Raises BadCursor."""
    match paging.after:
        case None:
            return None
        case (str(id_),) if is_id(id_):
            return id_
    raise BadCursor("cursor 有误，请从第一页重新翻起。")
