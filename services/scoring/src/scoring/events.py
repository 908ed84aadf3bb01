"""What every event of this service carries besides its subject's state; the nouns' events.py fill in the rest."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from contracts.envelope import Envelope
from scoring.ids import CountyId
from scoring.periods.domain import start_of

SOURCE = "/jinqiu/scoring"


class Occasion(Protocol):
    """What an event takes from the transaction that publishes it; the service's Work is one."""

    now: datetime

    @property
    def county(self) -> CountyId: ...

    def new_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Cause:
    """What an event goes back to: a person's request, or an event that another service told."""

    correlation: str
    event: str | None = None
    actor: str = SOURCE
    origin: str = "service"


def envelope(  # noqa: PLR0913 — an event's attributes
    type_: str,
    cause: Cause,
    *,
    id_: str,
    subject: str,
    county: str,
    version: int,
    now: datetime,
    data: dict[str, Any],
    happened: date | None = None,
) -> Envelope:
    """One event. `happened` is the day in Asia/Shanghai on which it happened; None: it happens as it is recorded."""
    return Envelope(
        id=id_,
        source=SOURCE,
        type=f"{type_}.v1",
        subject=subject,
        time=start_of(happened) if happened else now,
        county=county,
        recordedtime=now,
        aggregateversion=version,
        actor=cause.actor,
        origin=cause.origin,
        correlationid=cause.correlation,
        causationid=cause.event,
        data=data,
    )
