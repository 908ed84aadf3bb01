"""What the world hears of notices: ids, and points or grades as the county chose. No name, no deduction, no reason."""

from datetime import date
from typing import Any

from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope
from scoring.events import Cause, Occasion, envelope
from scoring.notices.domain import Notice


def published(work: Occasion, cause: Cause, notice: Notice) -> tuple[Topic, Envelope]:
    return _event(work, cause, "notice.published", notice, notice.window.published_on)


def withdrawn(work: Occasion, cause: Cause, notice: Notice) -> tuple[Topic, Envelope]:
    return _event(work, cause, "notice.withdrawn", notice, None)


def _event(work: Occasion, cause: Cause, type_: str, notice: Notice, happened: date | None) -> tuple[Topic, Envelope]:
    told = envelope(
        type_,
        cause,
        id_=work.new_id(),
        subject=notice.id,
        county=work.county,
        version=notice.revision,
        now=work.now,
        data=_state(notice),
        happened=happened,
    )
    return topics.NOTICE, told


def _state(notice: Notice) -> dict[str, Any]:
    return {
        "period": notice.period,
        "branch": notice.branch,
        "published_on": notice.window.published_on.isoformat(),
        "window_days": notice.window.days,
        "objections_until": notice.window.objections_until.isoformat(),
        "shows": notice.terms.shows.value,
        "board": notice.terms.board,
        "state": notice.state.value,
        "people": [
            {"person": shown.person, "total_tenths": shown.total, "grade": shown.grade} for shown in notice.people
        ],
    }
