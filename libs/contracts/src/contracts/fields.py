"""The kinds of value that an event may hold. They are checked when an event is built and when it is read."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
)
from pydantic_core import CoreSchema, core_schema

READING: Final = {"reading": True}
"""The validation context of a consumer: words that a later release added are let through."""

UUID7: Final = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
PERIOD: Final = "[0-9]{4}Q[1-4]"
YEAR: Final = "[0-9]{4}"
MOMENT: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"


class Shape(BaseModel):
    """A part of an event. Building one is strict; `envelope.read` ignores fields that it does not know."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class OneOf:
    """A word out of a list, each with its meaning.

    A producer may use only these. The list may grow within a version, so a reader lets an unknown word through and the
    consumer decides what it makes of it.
    """

    def __init__(self, /, **meanings: str) -> None:
        self._meanings: Mapping[str, str] = meanings

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "minLength": 1, "x-extensible-enum": list(self._meanings), "x-words": self._meanings}

    def _check(self, value: str, info: ValidationInfo) -> str:
        if value in self._meanings or (value and info.context == READING):
            return value
        sentence = f"{value!r} is none of {', '.join(self._meanings)}"
        raise ValueError(sentence)


def _parse(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(MOMENT, value):
        raise ValueError("a time is written 2022-03-05T01:30:00Z, in UTC")
    return datetime.fromisoformat(value)


def _in_utc(value: datetime) -> datetime:
    if value.utcoffset() != timedelta(0):
        raise ValueError("a time carries its zone, and the zone is UTC")
    return value.replace(tzinfo=UTC)


Id = Annotated[str, Field(pattern=f"^{UUID7}$", json_schema_extra={"x-kind": "id"})]
"""UUIDv7 in lower-case text."""

Code = Annotated[
    str, Field(pattern=r"^([A-Za-z][A-Za-z0-9_.-]{0,63}|[0-9]{1,9})$", json_schema_extra={"x-kind": "code"})
]
"""A code of a county's taxonomy or a region's number. Too short in digits for a telephone or identity number."""

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$", json_schema_extra={"x-kind": "short name"})]
"""A short name for the machine, such as taoyuan."""

Period = Annotated[str, Field(pattern=f"^{PERIOD}$", json_schema_extra={"x-kind": "period"})]
"""A quarter, such as 2022Q1, of the calendar in Asia/Shanghai."""

Year = Annotated[str, Field(pattern=f"^{YEAR}$", json_schema_extra={"x-kind": "year"})]
"""A calendar year in Asia/Shanghai, such as 2022."""

Month = Annotated[str, Field(pattern="^[0-9]{4}-(0[1-9]|1[0-2])$", json_schema_extra={"x-kind": "month"})]
"""A month, such as 2022-03, of the calendar in Asia/Shanghai."""

Span = Annotated[str, Field(pattern=f"^({PERIOD}|{YEAR})$", json_schema_extra={"x-kind": "period or year"})]
"""What a notice is about: a quarter, or a whole year."""

Fact = Annotated[str, Field(pattern=f"^{UUID7}(/{UUID7})?$", json_schema_extra={"x-kind": "subject"})]
"""The subject of the event that reported a fact."""

Moment = Annotated[
    datetime,
    BeforeValidator(_parse),
    AfterValidator(_in_utc),
    Field(json_schema_extra={"pattern": MOMENT, "x-kind": "time"}),
]
"""A point in time, in UTC."""
