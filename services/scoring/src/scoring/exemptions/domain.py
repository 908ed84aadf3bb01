"""An exemption (免予考核) is granted for days, may get another last day, and may be withdrawn as a mistake.

            grant              end: another `until`
    (none) ───────→ GRANTED ──┬────────────────────→ GRANTED
                              └─ withdraw ─────────→ WITHDRAWN, as if it had never been

On these days nothing is taken away from the person; exempt on every day of a quarter, they are not judged in it at all.
Why is for the decision to say, which stays where it was taken. Sources: domain.md §2 (罗平, 公司办法).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NewType

from scoring.ids import PersonId
from scoring.ledger.domain import standing

ExemptionId = NewType("ExemptionId", str)


class State(StrEnum):
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    END = "end"
    WITHDRAW = "withdraw"


COURSE = {(State.GRANTED, Act.END): State.GRANTED, (State.GRANTED, Act.WITHDRAW): State.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Exemption:
    id: ExemptionId
    person: PersonId  # whom it was granted to; who was merged since is another one's account
    since: date
    until: date | None  # the first day no longer exempt
    state: State = State.GRANTED
    version: int = 1  # counts its events

    @property
    def subject(self) -> str:
        return f"{self.person}/{self.id}"

    def meets(self, other: "Exemption") -> bool:
        """Tell whether both hold on some day."""
        return self.since < (other.until or date.max) and other.since < (self.until or date.max)


class ExemptionNotFound(Exception):
    def __init__(self) -> None:
        super().__init__("没有找到这项免予考核。")


class DaysReversed(Exception):
    def __init__(self, since: date) -> None:
        super().__init__(f"免予考核自{since.isoformat()}起，截止日期（恢复考核的第一天）要晚于这一天。")


class AlreadyExempt(Exception):
    def __init__(self, other: Exemption) -> None:
        until = f"到{other.until.isoformat()}（不含）" if other.until else "起，未定截止日期"
        super().__init__(f"这位同志已有自{other.since.isoformat()}{until}的免予考核，日期重叠；请改原来那一项。")


class NothingToChange(Exception):
    def __init__(self) -> None:
        super().__init__("截止日期与原来相同，没有改动。")


class ExemptionWithdrawn(Exception):
    def __init__(self, act: Act) -> None:
        done = "再次撤回" if act is Act.WITHDRAW else "再改截止日期"
        super().__init__(f"这项免予考核已经撤回，不能{done}。")


def grant(exemption: Exemption, others: Iterable[Exemption]) -> Exemption:
    """Grant it beside what the person has already. Raises DaysReversed, AlreadyExempt."""
    if exemption.until is not None and exemption.until <= exemption.since:
        raise DaysReversed(exemption.since)
    for other in others:
        if other.id != exemption.id and other.state is State.GRANTED and exemption.meets(other):
            raise AlreadyExempt(other)
    return exemption


def end(exemption: Exemption, until: date, others: Iterable[Exemption]) -> Exemption:
    """Give it another first day no longer exempt. Raises ExemptionWithdrawn, NothingToChange, and what `grant` does."""
    state = _after(exemption, Act.END)
    if until == exemption.until:
        raise NothingToChange
    return grant(replace(exemption, until=until, state=state, version=exemption.version + 1), others)


def withdraw(exemption: Exemption) -> Exemption:
    """Take it back as if it had never been. Raises ExemptionWithdrawn."""
    return replace(exemption, state=_after(exemption, Act.WITHDRAW), version=exemption.version + 1)


def known_to_the_ledger(exemption: Exemption) -> standing.Exemption:
    """All that rating may know of it."""
    withdrawn = exemption.state is State.WITHDRAWN
    return standing.Exemption(exemption.id, exemption.version, exemption.since, exemption.until, withdrawn)


def _after(exemption: Exemption, act: Act) -> State:
    state = COURSE.get((exemption.state, act))
    if state is None:
        raise ExemptionWithdrawn(act)
    return state
