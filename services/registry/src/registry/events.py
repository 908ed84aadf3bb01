"""What every event of this service carries besides its subject's state; the nouns' events.py fill in the rest."""

from datetime import datetime
from typing import Protocol

from pydantic import BaseModel

from contracts.envelope import Envelope
from kit.tokens import Principal
from registry.ids import CountyId

SOURCE = "/jinqiu/registry"


class Occasion(Protocol):
    """What an event takes from the transaction that publishes it; the service's Work is one."""

    now: datetime
    correlation: str

    @property
    def county(self) -> CountyId: ...

    def new_id(self) -> str: ...


def envelope(  # noqa: PLR0913 — an event's attributes
    work: Occasion,
    by: Principal,
    kind: str,
    *,
    subject: str,
    version: int,
    data: BaseModel,
    time: datetime | None = None,
    origin: str = "desk",
    on_behalf_of: str | None = None,
) -> Envelope:
    """One event of this transaction. `kind` is the type without its version; `time` is when it happened, else now."""
    return Envelope(
        id=work.new_id(),
        source=SOURCE,
        type=f"{kind}.v1",
        subject=subject,
        time=time or work.now,
        county=work.county,
        recordedtime=work.now,
        aggregateversion=version,
        actor=by.user,
        onbehalfof=on_behalf_of,
        origin=origin,
        correlationid=work.correlation,
        data=data.model_dump(mode="json"),
    )
