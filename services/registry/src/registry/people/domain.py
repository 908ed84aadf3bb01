"""A person of the county's books: what others may know of them, and what may change.

离休 and 退休 are never one (domain.md §4): the first is a closed, shrinking set with its own treatment. Party
membership stands beside the kind, because a retired enterprise worker in a branch is a member and no cadre.
What identifies a person (name, identity number, phone) is not here: it never leaves the registry's rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from registry.ids import PersonId, UserId


class Kind(StrEnum):
    LIXIU = "lixiu"
    TUIXIU = "tuixiu"
    ENTERPRISE = "enterprise"
    MEMBER = "member"
    STAFF = "staff"


class Residence(StrEnum):
    URBAN = "urban"
    RURAL = "rural"


class Status(StrEnum):
    ACTIVE = "active"
    MOVED = "moved"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class DatedCode:
    """A taxonomy code that holds from a day on, until the next one; somebody answers for it."""

    code: str
    since: date
    confirmed_by: UserId


@dataclass(frozen=True, slots=True)
class Standing:
    """What a clerk may set in one go: the attributes without a date of their own."""

    kind: Kind
    party_member: bool
    rank: str | None
    township: str | None
    residence: Residence | None


@dataclass(frozen=True, slots=True)
class DatedStatus:
    status: Status
    since: date


@dataclass(frozen=True, slots=True)
class Person:
    id: PersonId
    standing: Standing
    classes: tuple[DatedCode, ...] = ()
    capacities: tuple[DatedCode, ...] = ()
    statuses: tuple[DatedStatus, ...] = ()  # every change, earliest first; none: here since before the books
    merged_into: PersonId | None = None  # the entry of the same person that goes on; this one has ended
    version: int = 1  # of what is published: it counts events
    etag: int = 1  # of the row: it counts every change, a name's too

    @property
    def status(self) -> Status:
        return self.statuses[-1].status if self.statuses else Status.ACTIVE

    @property
    def status_since(self) -> date | None:
        return self.statuses[-1].since if self.statuses else None

    def away_on(self, day: date) -> bool:
        """Whether the person lived elsewhere on that day; the day of leaving is the first one away."""
        held = [each.status for each in self.statuses if each.since <= day]
        return bool(held) and held[-1] is Status.MOVED


class UnknownPerson(LookupError):
    """The county's books do not have this person; `people` are the ids."""

    def __init__(self, people: Sequence[PersonId]) -> None:
        super().__init__(
            "本县名册中没有这个人员。" if len(people) == 1 else f"本县名册中没有其中 {len(people)} 名人员。"
        )
        self.people = tuple(people)


class AlreadyRegistered(ValueError):
    def __init__(self) -> None:
        super().__init__("本县名册中已有使用这个身份证号的人员，请先查询核对，不要重复登记。")


class Merged(ValueError):
    """The entry was a second one of the same person and has ended; `into` is the one that goes on."""

    def __init__(self, into: PersonId) -> None:
        super().__init__(f"这是重复的登记，已经合并，请到保留的登记（{into}）办理。")
        self.into = into
        self.errors = [{"field": "person", "merged_into": into, "sentence": "已合并的登记不能再改"}]


class MemberWithoutParty(ValueError):
    def __init__(self) -> None:
        super().__init__("人员类别为“党员（非干部）”的，必须是党员。")


class DateInFuture(ValueError):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what}不能晚于今天。")


class AlreadyDied(ValueError):
    def __init__(self) -> None:
        super().__init__("此人已登记去世，不能再办理此事。")


class NotAway(ValueError):
    def __init__(self) -> None:
        super().__init__("此人没有登记迁出，无需登记迁回。")


class AlreadyAway(ValueError):
    def __init__(self) -> None:
        super().__init__("此人已登记迁出。")


class BeforeLastChange(ValueError):
    def __init__(self) -> None:
        super().__init__("日期不能早于上一次状态变动的日期。")


class NoSuchStatus(LookupError):
    """What is to be corrected is not what the books say."""

    def __init__(self) -> None:
        super().__init__("名册中没有这一条状态记录，请刷新后核对再改。")


class StatusesDisagree(ValueError):
    def __init__(self) -> None:
        super().__init__("这样改后前后矛盾：先迁出才能迁回，每一项不能早于前一项，去世是最后一项。")


def sound(standing: Standing) -> Standing:
    """The same, if its parts agree. Raises MemberWithoutParty."""
    if standing.kind is Kind.MEMBER and not standing.party_member:
        raise MemberWithoutParty
    return standing


def register(person: PersonId, standing: Standing) -> Person:
    """Enter a person into the books. Raises MemberWithoutParty."""
    return Person(id=person, standing=sound(standing))


def amend(person: Person, standing: Standing) -> Person:
    """Correct or update what has no date of its own. Raises MemberWithoutParty."""
    return _published(person, replace(person, standing=sound(standing)))


def classify(person: Person, code: DatedCode, today: date) -> Person:
    """Put the person into a class from a day on. Raises DateInFuture."""
    return _published(person, replace(person, classes=_dated(person.classes, code, today)))


def assess(person: Person, code: DatedCode, today: date) -> Person:
    """Record what the person is able to take part in, from a day on. Raises DateInFuture."""
    return _published(person, replace(person, capacities=_dated(person.capacities, code, today)))


def moved(person: Person, on: date, today: date) -> Person:
    """The person left the county. Raises AlreadyDied, AlreadyAway, DateInFuture, BeforeLastChange."""
    if person.status is Status.MOVED:
        raise AlreadyAway
    return _changed_status(person, Status.MOVED, on, today, "迁出日期")


def returned(person: Person, on: date, today: date) -> Person:
    """The person came back. Raises AlreadyDied, NotAway, DateInFuture, BeforeLastChange."""
    if person.status is Status.ACTIVE:
        raise NotAway
    return _changed_status(person, Status.ACTIVE, on, today, "迁回日期")


def died(person: Person, on: date, today: date) -> Person:
    """The person died on that day. Raises AlreadyDied, DateInFuture.

    It may lie before a move that was recorded: then the move is what was wrong.
    """
    if person.status is Status.DIED:
        raise AlreadyDied
    if on > today:
        raise DateInFuture("去世日期")
    before = tuple(each for each in person.statuses if each.since <= on)
    return _published(person, replace(person, statuses=(*before, DatedStatus(Status.DIED, on))))


def correct_status(person: Person, wrong: DatedStatus, right: date | None, today: date) -> Person:
    """Give an entry the day that is right, or (None) take it back: it never happened.

    Raises NoSuchStatus, DateInFuture, StatusesDisagree. A death still drops the moves that lie after it.
    """
    if wrong not in person.statuses:
        raise NoSuchStatus
    if right is not None and right > today:
        raise DateInFuture("更正后的日期")
    place = person.statuses.index(wrong)
    before, after = person.statuses[:place], person.statuses[place + 1 :]
    if wrong.status is Status.DIED and right is not None:
        before = tuple(each for each in before if each.since <= right)
    redated = () if right is None else (DatedStatus(wrong.status, right),)
    return _published(person, replace(person, statuses=_in_turn((*before, *redated, *after))))


def merge(person: Person, into: PersonId) -> Person:
    """End this entry, because another one is of the same person; what it says of itself stays as it was."""
    return _published(person, replace(person, merged_into=into))


def dead_on(person: Person, day: date) -> bool:
    """Whether the person no longer lived on that day; the day of death itself was lived."""
    return person.status is Status.DIED and person.status_since is not None and person.status_since < day


def _changed_status(person: Person, status: Status, on: date, today: date, what: str) -> Person:
    if person.status is Status.DIED:
        raise AlreadyDied
    if on > today:
        raise DateInFuture(what)
    if person.status_since is not None and on < person.status_since:
        raise BeforeLastChange
    return _published(person, replace(person, statuses=(*person.statuses, DatedStatus(status, on))))


def _in_turn(statuses: tuple[DatedStatus, ...]) -> tuple[DatedStatus, ...]:
    """The same, if each can follow the one before it. Raises StatusesDisagree."""
    held, since = Status.ACTIVE, date.min
    for each in statuses:
        if held in (each.status, Status.DIED) or each.since < since:
            raise StatusesDisagree
        held, since = each.status, each.since
    return statuses


def _dated(codes: Iterable[DatedCode], new: DatedCode, today: date) -> tuple[DatedCode, ...]:
    """One code a day: a second word on the same day replaces the first, unless it says the same."""
    if new.since > today:
        raise DateInFuture("生效日期")
    by_day = {code.since: code for code in codes}
    if new.since in by_day and by_day[new.since].code == new.code:
        return tuple(codes)
    by_day[new.since] = new
    return tuple(by_day[day] for day in sorted(by_day))


def _published(before: Person, after: Person) -> Person:
    """What others can see changed, so the next event has the next version; otherwise nothing is said."""
    return before if after == before else replace(after, version=before.version + 1)
