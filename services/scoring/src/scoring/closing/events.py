"""What the world hears of a quarter after its opening: counts only."""

from typing import Any

from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope
from scoring.closing.domain import Course
from scoring.events import Cause, Occasion, envelope


def closed(work: Occasion, cause: Cause, course: Course) -> tuple[Topic, Envelope]:
    return _event(work, cause, "period.closed", course)


def noticed(work: Occasion, cause: Cause, course: Course) -> tuple[Topic, Envelope]:
    return _event(work, cause, "period.noticed", course)


def finalised(work: Occasion, cause: Cause, course: Course) -> tuple[Topic, Envelope]:
    return _event(work, cause, "period.finalised", course)


def reopened(work: Occasion, cause: Cause, course: Course) -> tuple[Topic, Envelope]:
    return _event(work, cause, "period.reopened", course)


def _event(work: Occasion, cause: Cause, type_: str, course: Course) -> tuple[Topic, Envelope]:
    told = envelope(
        type_,
        cause,
        id_=work.new_id(),
        subject=f"{work.county}/{course.code}",
        county=work.county,
        version=course.revision,
        now=work.now,
        data=_state(course),
    )
    return topics.PERIOD, told


def _state(course: Course) -> dict[str, Any]:
    closed = course.closed
    return {
        "period": course.code,
        "starts_on": course.starts_on.isoformat(),
        "ends_on": course.ends_on.isoformat(),
        "state": course.state,
        "book": course.book,
        "closed_at": closed and closed.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "people": closed and closed.people,
        "total_tenths": closed and closed.total,
        "published_on": course.published_on and course.published_on.isoformat(),
        "objections_until": course.objections_until and course.objections_until.isoformat(),
    }
