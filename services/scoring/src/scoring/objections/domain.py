"""An objection (异议) is filed in the notice's window, by a person or for one, and answered by somebody else.

            file, in the window          answer, by somebody else
    (none) ────────────────────→ FILED ──┬──→ UPHELD, by naming what put it right
                                         └──→ DECLINED, with a reason for the person

Both stay filed for ever. How it came in (paper, telephone, somebody's errand) changes nothing. A year's notice is
objected to like a quarter's; what an answer to it puts right is settled in the earliest open quarter.
Source: domain.md §2 (华宁).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from scoring.ids import PersonId

SELF, PROXY = "self", "proxy"
FINAL = "final"


class State(StrEnum):
    FILED = "filed"
    UPHELD = "upheld"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Hearing:
    """Where a quarter or year stands: whether its figures were published, and until when they may be objected to."""

    period: str
    state: str
    published_on: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Filing:
    """What somebody hands in. A proxy files it on behalf of the person it is about. The period may be a year."""

    person: PersonId
    period: str
    filed_on: date
    origin: str
    statement: str
    on_behalf_of: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Who acts: the login, and the person it belongs to, if any."""

    user: str
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody decides. The correction is the subject of what now stands corrected."""

    outcome: State
    reason: str
    correction: str | None = None


class Names(StrEnum):
    """What a correction's subject names, by its form."""

    ENTRY = "entry"  # the person: class or status was put right
    MADE = "made"  # a judgement or an exemption of the person
    RECORDED = "recorded"  # an attendance


@dataclass(frozen=True, slots=True)
class Objection:
    """`stood`: which version everything of the person had when it was filed, as far as its quarter or year goes."""

    id: str
    filing: Filing
    filed_by: str
    state: State = State.FILED
    answer: Answer | None = None
    answered_by: str | None = None
    stood: Mapping[str, int] = field(default_factory=dict)

    def concerns(self, period: str) -> bool:
        """Whether a quarter is the one that it is about, or of the year."""
        return period.startswith(self.filing.period)

    @property
    def version(self) -> int:
        """Counts the events that told of it."""
        return 1 if self.state is State.FILED else 2

    @property
    def subject(self) -> str:
        return f"{self.filing.person}/{self.id}"


def named(period: str) -> str:
    """Name a quarter or a year in a sentence."""
    return period if "Q" in period else f"{period}年度"


class ObjectionNotFound(Exception):
    def __init__(self, objection: str) -> None:
        super().__init__(f"没有编号为{objection}的异议。")


class NotNoticed(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"{named(period)}还没有公示，公示之后才能提出异议。")


class OutsideWindow(Exception):
    def __init__(self, hearing: Hearing, filed_on: date) -> None:
        window = f"{hearing.published_on}至{hearing.until}"
        super().__init__(f"{named(hearing.period)}的异议期为{window}，{filed_on}提出的异议不能受理。")


class AlreadyFinal(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(
            f"{period}已经定案，不能再提出异议。确有差错的，请直接更正原来的登记，差额会补记到尚未结账的季度。"
        )


class NotTheDay(Exception):
    """A filing that is dated after the day on which it is recorded, or that a person's own login dates otherwise."""

    def __init__(self, today: date, *, own: bool) -> None:
        rule = "本人在系统中提出的异议，日期只能是当天" if own else "提出异议的日期不能晚于当天"
        super().__init__(f"{rule}（{today}）。")


class WrongOrigin(Exception):
    pass


class AlreadyObjected(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"此人对{named(period)}已有一件异议尚未答复，请先答复，再提出新的异议。")


class AlreadyAnswered(Exception):
    def __init__(self) -> None:
        super().__init__("这件异议已经答复，答复不能更改。")


class OwnObjection(Exception):
    def __init__(self) -> None:
        super().__init__("提出异议的人和经手登记的人不能答复这件异议，请由另一位工作人员答复。")


class OwnDecision(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(
            f"此人{named(period)}有您确认的扣分或您退回的评议，您不能驳回这件异议，请由另一位工作人员答复。"
        )


class NeverACorrection(Exception):
    def __init__(self) -> None:
        super().__init__(
            "所写的更正不是这位同志的。请写这位同志的一项活动登记、评议、扣分或免予考核；更正本人资料的，写本人的编号。"
        )


class CorrectionElsewhere(Exception):
    def __init__(self, period: str) -> None:
        super().__init__(f"所写的更正不属于{named(period)}，请核对后重新填写。")


class NotCorrected(Exception):
    def __init__(self) -> None:
        super().__init__("所写的这一项在提出异议之后没有更正过。请先更正，再答复异议成立。")


class CorrectionMissing(Exception):
    def __init__(self) -> None:
        super().__init__("异议成立的，须写明更正了哪一项登记（correction）；不成立的，不写更正。")


def file(id_: str, filing: Filing, by: Party, hearing: Hearing, today: date) -> Objection:
    """Take an objection in.

    Raises WrongOrigin, NotTheDay, NotNoticed, AlreadyFinal, OutsideWindow.
    """
    own = by.person == filing.person
    _require_origin(filing, own=own)
    if filing.filed_on > today or (own and filing.filed_on != today):
        raise NotTheDay(today, own=own)
    _require_heard(hearing, filing.filed_on)
    unsaid = filing.origin == PROXY and filing.on_behalf_of is None
    whole = replace(filing, on_behalf_of=filing.person) if unsaid else filing
    return Objection(id_, whole, by.user)


def answer(objection: Objection, given: Answer, by: Party, whose: PersonId) -> Objection:
    """Decide about an objection, once. `whose`: the entry of its person that goes on.

    Raises AlreadyAnswered, OwnObjection, CorrectionMissing.
    """
    if objection.state is not State.FILED:
        raise AlreadyAnswered
    if by.user == objection.filed_by or by.person == whose:
        raise OwnObjection
    if (given.outcome is State.UPHELD) != (given.correction is not None):
        raise CorrectionMissing
    return replace(objection, state=given.outcome, answer=given, answered_by=by.user)


def names(subject: str, entries: Collection[PersonId]) -> Names:
    """Say what a subject names of the person with these entries. Raises NeverACorrection."""
    first, _, second = subject.partition("/")
    if first in entries:
        return Names.MADE if second else Names.ENTRY
    if second in entries:
        return Names.RECORDED
    raise NeverACorrection


def _require_origin(filing: Filing, *, own: bool) -> None:
    if own != (filing.origin == SELF):
        raise WrongOrigin("本人在系统中提出的异议，方式为“self”；代为登记的，写明是书面、电话还是他人代办。")
    if filing.on_behalf_of not in (None, filing.person) or (filing.on_behalf_of and filing.origin != PROXY):
        raise WrongOrigin("代办只能是代积分所属的本人办理，其他方式不写代谁办理。")


def _require_heard(hearing: Hearing, filed_on: date) -> None:
    if hearing.state == FINAL:
        raise AlreadyFinal(hearing.period)
    if hearing.published_on is None or hearing.until is None:
        raise NotNoticed(hearing.period)
    if not hearing.published_on <= filed_on <= hearing.until:
        raise OutsideWindow(hearing, filed_on)
