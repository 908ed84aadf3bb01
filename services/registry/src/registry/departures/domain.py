"""A death against what the books say of later days.

Having attended is somebody's word that the person was there, so one of the two dates is wrong and a clerk has to find
out which; an excuse or an absence of a later day says nothing, and goes. Every membership ends with the day of death.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registry.activities.domain import Outcome
from registry.ids import ActivityId


@dataclass(frozen=True, slots=True)
class Recorded:
    """One line of the person at an activity after the day of death."""

    activity: ActivityId
    day: date
    outcome: Outcome


class AttendedLater(Exception):
    """The books say that the person attended after that day; `errors` lists each one."""

    def __init__(self, attended: Iterable[Recorded]) -> None:
        self.attended = tuple(attended)
        days = "、".join(str(line.day) for line in self.attended[:5])
        super().__init__(
            f"册上记着此人在该日之后还参加过 {len(self.attended)} 次活动（{days}），"
            "请先核对去世日期或更正签到，再来登记。"
        )
        self.errors = [
            {"field": "died_on", "activity": line.activity, "sentence": f"{line.day} 参加了活动"}
            for line in self.attended
        ]


def judge(recorded: Iterable[Recorded]) -> None:
    """Whether a death may stand beside what is recorded of later days. Raises AttendedLater."""
    if attended := [line for line in recorded if line.outcome is Outcome.ATTENDED]:
        raise AttendedLater(attended)
