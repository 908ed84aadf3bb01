"""What others hear of an activity: codes, counts, and who was there under a pseudonymous id; no name, no address."""

from collections.abc import Iterator

from contracts.envelope import Envelope
from contracts.registry import ActivityV1, ParticipationV1
from contracts.topic import Topic
from contracts.topics import ACTIVITY, PARTICIPATION
from kit.tokens import Principal
from registry.activities.domain import Activity, Attendance, Change, Outcome, State
from registry.events import Occasion, envelope

TYPES = {
    Outcome.ATTENDED: "activity.attended",
    Outcome.EXCUSED: "activity.excused",
    Outcome.MISSED: "activity.missed",
    Outcome.WITHDRAWN: "attendance.withdrawn",
}


def of(work: Occasion, change: Change, by: Principal) -> Iterator[tuple[Topic, Envelope]]:
    """Everything that a change makes public: the activity if it looks different, then each line that has a version."""
    activity = change.activity
    if activity.version > change.before.version:
        kind = "activity.held" if change.before.state is State.OPEN else "activity.corrected"
        yield ACTIVITY, _activity(work, kind, activity, by)
    for line in change.lines:
        if line.version:
            yield PARTICIPATION, _line(work, activity, line, by)


def _activity(work: Occasion, kind: str, activity: Activity, by: Principal) -> Envelope:
    occasion, counts = activity.occasion, activity.counts
    state = ActivityV1(
        kind=occasion.kind,
        theme=occasion.theme,
        mode=occasion.mode.value,
        hosts=tuple(occasion.hosts),
        place=occasion.place,
        starts=occasion.starts,
        ends=occasion.ends,
        due=counts.due,
        attended=counts.attended,
        excused=counts.excused,
        missed=counts.missed,
    )
    return envelope(work, by, kind, subject=activity.id, version=activity.version, data=state, time=occasion.starts)


def _line(work: Occasion, activity: Activity, line: Attendance, by: Principal) -> Envelope:
    occasion, entry = activity.occasion, line.entry
    state = ParticipationV1(
        activity=activity.id,
        person=entry.person,
        outcome=entry.outcome.value,
        kind=occasion.kind,
        theme=occasion.theme,
        mode=occasion.mode.value,
        hosts=tuple(occasion.hosts),
        starts=occasion.starts,
        ends=occasion.ends,
    )
    return envelope(
        work,
        by,
        TYPES[entry.outcome],
        subject=f"{activity.id}/{entry.person}",
        version=line.version,
        data=state,
        time=occasion.starts,
        origin=entry.origin,
        on_behalf_of=entry.on_behalf_of,
    )
