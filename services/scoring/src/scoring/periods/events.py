"""What the world hears of periods, and what scoring hears of counties."""

from dataclasses import dataclass

from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope, read
from contracts.registry import CountyV1
from scoring.events import Cause, Occasion, envelope
from scoring.ids import CountyId
from scoring.periods.domain import Period


@dataclass(frozen=True, slots=True)
class CountySeen:
    county: CountyId
    version: int
    word: str


def county(told: Envelope) -> CountySeen:
    return CountySeen(CountyId(told.county), told.aggregateversion, read(CountyV1, told).word)


def opened(work: Occasion, cause: Cause, period: Period) -> tuple[Topic, Envelope]:
    data = {
        "period": period.code,
        "starts_on": period.starts_on.isoformat(),
        "ends_on": period.ends_on.isoformat(),
        "state": "open",
        "book": period.book,
    }
    told = envelope(
        "period.opened",
        cause,
        id_=work.new_id(),
        subject=f"{work.county}/{period.code}",
        county=work.county,
        version=1,
        now=work.now,
        data=data,
        happened=period.starts_on,
    )
    return topics.PERIOD, told
