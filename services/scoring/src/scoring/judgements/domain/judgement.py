"""A judgement: one person proposes it, a second one confirms it, and from then on it counts as a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from scoring.ids import PersonId, Quarter
from scoring.ledger.domain.facts import Fact
from scoring.rulebooks.domain import APPRAISED, DEDUCTED, Shape

JudgementId = NewType("JudgementId", str)


class Kind(StrEnum):
    APPRAISAL = "appraisal"
    DEDUCTION = "deduction"
    VETO = "veto"


NAMES: Mapping[Kind, str] = {Kind.APPRAISAL: "评议", Kind.DEDUCTION: "扣分", Kind.VETO: "一票否决"}


class State(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"  # what it rested on is gone, or its day is exempt
    RETURN = "return"  # what it rested on is there again


COURSE: Mapping[tuple[State, Act], State] = {
    (State.PROPOSED, Act.CONFIRM): State.CONFIRMED,
    (State.PROPOSED, Act.REFUSE): State.REFUSED,
    (State.PROPOSED, Act.WITHDRAW): State.WITHDRAWN,
    (State.CONFIRMED, Act.WITHDRAW): State.WITHDRAWN,
    (State.PROPOSED, Act.LAPSE): State.WITHDRAWN,
    (State.CONFIRMED, Act.LAPSE): State.WITHDRAWN,
    (State.WITHDRAWN, Act.RETURN): State.PROPOSED,
}
"""A judgement's whole life. What is not here cannot happen: what was refused stays refused."""

LIVE = frozenset({State.PROPOSED, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class About:
    """What is judged. A quarter's appraisal counts on the quarter's last day, a month's on the month's."""

    person: PersonId  # whom it was made for; who was merged since is another one's account
    kind: Kind
    item: str
    period: Quarter
    day: date
    grade: str | None = None  # of an appraisal
    month: str | None = None  # of an appraisal that is held every month
    source: str | None = None  # the subject of the event that proposed it


@dataclass(frozen=True, slots=True)
class Judgement:
    id: JudgementId
    about: About
    proposed_by: str  # of what an event proposed: who recorded that as it stands
    state: State = State.PROPOSED
    told: int = 0  # how many events there were about it
    decided_by: str | None = None
    withdrawn_by: str | None = None  # None though it is withdrawn: it lapsed
    grounds: str | None = None
    reason: str | None = None
    recorders: frozenset[str] = frozenset()  # who else recorded what proposes it, before or since

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def lapsed(self) -> bool:
        return self.state is State.WITHDRAWN and self.withdrawn_by is None

    @property
    def makers(self) -> frozenset[str]:
        """Whose word it is: none of them confirms it."""
        return self.recorders | {self.proposed_by}

    @property
    def subject(self) -> str:
        """Under which it is told, and kept in the ledger."""
        return f"{self.about.person}/{self.id}"


def fact_of(judgement: Judgement) -> Fact:
    """State a judgement that was told of as the fact that the ledger keeps: the event's version is the fact's."""
    about = judgement.about
    event = APPRAISED if about.kind is Kind.APPRAISAL else DEDUCTED
    return Fact(
        person=about.person,
        subject=judgement.subject,
        version=judgement.told,
        shape=Shape(event, about.item, None, "", about.grade),
        day=about.day,
        withdrawn=judgement.state is not State.CONFIRMED,
        # Whoever missed one activity under two entries is taken for it once.
        occurrence=about.source.partition("/")[0] if about.source else "",
    )


def late(period: str, period_state: str, state: State) -> str | None:
    """Say what becomes of a judgement in a quarter that is closed: it is allowed, and settled elsewhere."""
    if period_state == "open" or state not in LIVE:
        return None
    counts = "这一项" if state is State.CONFIRMED else "这一项一经确认，"
    return f"{period}已经结账，{counts}以“补{period}”计入最早尚未结账的季度，不改已公示的积分。"
