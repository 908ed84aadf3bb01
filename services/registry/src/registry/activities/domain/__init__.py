"""An activity is planned, then held; people attended it, were excused from it or missed it.

            plan            hold                  revise, record, withdraw
    (none) ─────→ OPEN ───────────────→ HELD ──┐  each change is the next version
                  │  ↑ revise, record     ↑    │
                  └──┘                    └────┘

Nobody hears of an open activity: its lines have version 0. Holding publishes everything once, as version 1; from
then on each subject counts its own versions without a gap. Only what was recorded is a fact: whoever is due and
stands on no list has missed nothing until the recorder says so. Sources: domain.md §1 and §3, taoyuan-2022.
"""

from registry.activities.domain.changing import hold, plan, record, rest_missed, revise, withdraw
from registry.activities.domain.refusals import (
    AlreadyHeld,
    AttendanceRefused,
    Overtaken,
    UnknownActivity,
    WrongHosts,
    WrongTimes,
)
from registry.activities.domain.sheet import (
    ABSENT,
    Activity,
    Attendance,
    Change,
    Counts,
    Entry,
    Mode,
    Occasion,
    Outcome,
    People,
    Sheet,
    State,
)

__all__ = [
    "ABSENT",
    "Activity",
    "AlreadyHeld",
    "Attendance",
    "AttendanceRefused",
    "Change",
    "Counts",
    "Entry",
    "Mode",
    "Occasion",
    "Outcome",
    "Overtaken",
    "People",
    "Sheet",
    "State",
    "UnknownActivity",
    "WrongHosts",
    "WrongTimes",
    "hold",
    "plan",
    "record",
    "rest_missed",
    "revise",
    "withdraw",
]
