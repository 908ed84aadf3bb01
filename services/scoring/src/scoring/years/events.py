"""What the world hears of a year: how many people came to each grade. Who, is on the branches' notices."""

from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope
from scoring.events import Cause, Occasion, envelope
from scoring.years.domain import Year


def evaluated(work: Occasion, cause: Cause, year: Year) -> tuple[Topic, Envelope]:
    data = {
        "year": str(year.year),
        "people": len(year.evaluations),
        "grades": year.grades,
        "published_on": year.window.published_on.isoformat(),
        "objections_until": year.window.objections_until.isoformat(),
    }
    told = envelope(
        "year.evaluated",
        cause,
        id_=work.new_id(),
        subject=f"{work.county}/{year.year}",
        county=work.county,
        version=1,
        now=work.now,
        data=data,
    )
    return topics.YEAR, told
