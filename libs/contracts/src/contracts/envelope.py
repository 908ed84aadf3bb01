"""CloudEvents 1.0 in structured mode: what stands around an event's data, and how it becomes bytes and back."""

from typing import Annotated, Literal, TypeVar

import orjson
from pydantic import Field, JsonValue

from contracts.fields import READING, UUID7, Id, Moment, OneOf, Shape

S = TypeVar("S", bound=Shape)


def _absent(value: object) -> bool:
    return value is None


class Envelope(Shape):
    specversion: Literal["1.0"] = Field(default="1.0", description="The version of CloudEvents.")
    id: Id = Field(description="The event's own id. The same event sent again has the same id.")
    source: str = Field(pattern=r"^/jinqiu/[a-z]+$", description="The service that published it.")
    type: str = Field(
        pattern=r"^[a-z]+\.[a-z]+\.v[1-9][0-9]*$", description="What happened, and the version of the data's shape."
    )
    subject: str = Field(
        pattern=f"^{UUID7}(/[0-9A-Za-z-]+)?$", description="The id of the thing whose state `data` holds."
    )
    time: Moment = Field(description="When it happened. It decides the period a fact belongs to.")
    datacontenttype: Literal["application/json"] = Field(
        default="application/json", description="How `data` is written."
    )
    county: Id = Field(description="The county (tenant) it belongs to.")
    recordedtime: Moment = Field(description="When it was recorded, which may be much later than `time`.")
    aggregateversion: int = Field(
        ge=1,
        le=2**31 - 1,
        description="Counts the subject's events from 1, without gaps. Of two events the higher one holds.",
    )
    actor: str = Field(
        pattern=f"^({UUID7}|/jinqiu/[a-z]+)$", description="The user who did it, or the service, where a service did."
    )
    onbehalfof: Id | None = Field(
        default=None, exclude_if=_absent, description="The person for whom the actor did it. Absent: for nobody else."
    )
    origin: Annotated[
        str,
        OneOf(
            self="the person, with an own login",
            desk="the bureau's desk or a branch's recorder, typing it in",
            phone="told by telephone",
            proxy="told by somebody in the person's name",
            paper="copied from a signed sheet",
            device="a device at the door",
            service="worked out by a service from other events",
            **{"import": "read from a file"},
        ),
    ] = Field(description="The way it came in. It never changes what a fact is worth.")
    correlationid: Id = Field(description="The request or run that all of this goes back to.")
    causationid: Id | None = Field(
        default=None, exclude_if=_absent, description="The event that caused this one. Absent: a person's action did."
    )
    traceparent: str | None = Field(
        default=None,
        exclude_if=_absent,
        pattern="^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
        description="W3C trace context. Absent: it was not traced.",
    )
    data: dict[str, JsonValue] = Field(description="The whole public state of the subject after what happened.")


def encode(envelope: Envelope) -> bytes:
    """Write an event as CloudEvents JSON, UTF-8 unescaped, without the optional attributes that it lacks.

    Raises ValueError if `data` holds what cannot be written, such as a number beyond 64 bits.
    """
    return _as_json(envelope.model_dump(mode="json"))


def decode(raw: bytes) -> Envelope:
    """Read what `encode` wrote. Raises ValueError (pydantic's ValidationError is one) on anything else.

    Attributes that this release does not know are ignored. `data` is read by `read`.
    """
    if b"NaN" in raw or b"Infinity" in raw:
        orjson.loads(raw)  # pydantic lets these through as numbers; JSON has no such thing
    envelope = Envelope.model_validate_json(raw, extra="ignore", context=READING)
    if "specversion" not in envelope.model_fields_set:
        raise ValueError("without specversion this is no CloudEvent")
    return envelope


def contents(state: Shape) -> dict[str, JsonValue]:
    """Turn a state into an envelope's `data`."""
    return state.model_dump(mode="json")


def read(shape: type[S], envelope: Envelope) -> S:
    """Read an envelope's `data` as a consumer does: unknown fields are ignored. Raises ValueError on a misfit."""
    return shape.model_validate_json(_as_json(envelope.data), extra="ignore", context=READING)


def _as_json(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError as error:  # a number beyond 64 bits, half a surrogate pair
        raise ValueError(str(error)) from error
