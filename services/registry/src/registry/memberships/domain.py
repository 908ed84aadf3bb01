"""Where a person belongs, day by day: one home branch at most, and further memberships beside it.

The person's whole history is one value with one version. `until` is exclusive: the first day no longer a member.
Sources: domain.md §3 (a temporary branch takes nobody's 组织关系), capabilities G03.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from registry.ids import OrganisationId, PersonId
from registry.organisations.domain import Kind as OrganisationKind
from registry.organisations.domain import Organisation


class Kind(StrEnum):
    HOME = "home"
    FURTHER = "further"


# Only a branch holds somebody's 组织关系; a bureau, a group or a temporary branch stands beside it.
HOLDS: dict[Kind, frozenset[OrganisationKind]] = {
    Kind.HOME: frozenset({OrganisationKind.BRANCH}),
    Kind.FURTHER: frozenset(OrganisationKind),
}


COMMITTEES = frozenset({OrganisationKind.BRANCH, OrganisationKind.TEMPORARY})


@dataclass(frozen=True, slots=True)
class Spell:
    organisation: OrganisationId
    kind: Kind
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def meets(self, other: "Spell") -> bool:
        return (self.until is None or other.since < self.until) and (other.until is None or self.since < other.until)


@dataclass(frozen=True, slots=True)
class History:
    """`version` counts what was published of it; 0 is a person who never belonged anywhere."""

    person: PersonId
    spells: tuple[Spell, ...] = ()
    version: int = 0

    def home_on(self, day: date) -> OrganisationId | None:
        return next((s.organisation for s in self.spells if s.kind is Kind.HOME and s.covers(day)), None)


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat in a branch's committee. It stays inside registry: it says only whom an absence can be charged to."""

    organisation: OrganisationId
    person: PersonId
    since: date
    until: date | None = None


class WrongDay(Exception):
    """The day is in the future, before the organisation was founded, or not after the seat was taken."""


class WrongOrganisation(Exception):
    """This kind of organisation does not hold this kind of membership."""


class AlreadyMember(Exception):
    """Another home, or the same organisation again, on a day that is taken."""


class NotMember(Exception):
    """There is no membership to end or to transfer on that day."""


class AfterDeath(Exception):
    """The person had died by then."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a membership asks of its person: today's date and, if known, the day of death."""

    today: date
    died_on: date | None


def join(history: History, organisation: Organisation, kind: Kind, since: date, standing: Standing) -> History:
    """Begin a membership. Raises WrongDay, WrongOrganisation, AlreadyMember, AfterDeath."""
    _require_day(since, organisation, standing)
    if organisation.kind not in HOLDS[kind]:
        raise WrongOrganisation("组织关系只能放在支部；党小组、临时党支部和局（党委）只能作为其他归属。")
    spell = Spell(organisation.id, kind, since, _until(standing))
    if taken := [old for old in history.spells if old.meets(spell) and _excludes(old, spell)]:
        raise AlreadyMember(_taken(taken[0], spell))
    return _next(history, (*history.spells, spell))


def transfer(
    history: History, organisation: Organisation, on: date, standing: Standing, old_groups: Iterable[OrganisationId]
) -> History:
    """End the home of that day and begin the new one on it, as one version; the old branch's 党小组 are left with it.

    Raises NotMember, WrongDay, WrongOrganisation, AlreadyMember, AfterDeath.
    """
    old = next((s for s in history.spells if s.kind is Kind.HOME and s.covers(on)), None)
    if old is None:
        raise NotMember("该同志那天没有组织关系可转，请改为办理转入。")
    if old.organisation == organisation.id:
        raise AlreadyMember("该同志的组织关系已在这个支部。")
    left = {old.organisation, *old_groups}
    kept = _without_empty(_cut(s, on) if s.organisation in left and s.covers(on) else s for s in history.spells)
    return join(replace(history, spells=kept), organisation, Kind.HOME, on, standing)


def end(history: History, organisation: OrganisationId, on: date, standing: Standing) -> History:
    """End the membership in an organisation, `on` being the first day without it. Raises NotMember, WrongDay.

    On its own first day it was a mistake, of the person or of the organisation, and leaves nothing. What else stands
    stays sound: no rule asks for a membership beside another one, and a seat counts only while its holder is a member.
    """
    spell = next((s for s in history.spells if s.organisation == organisation and s.covers(on)), None)
    if spell is None:
        raise NotMember("该同志那天不在该组织。")
    if on > standing.today:
        raise WrongDay("日期不能晚于今天。")
    return _next(history, _without_empty(_cut(s, on) if s is spell else s for s in history.spells))


def close(history: History, last_day: date) -> History:
    """A death, or a merge of the person, ends every membership. Unchanged if nothing reaches beyond the last day."""
    after = last_day + timedelta(days=1)
    spells = tuple(_cut(s, after) for s in history.spells if s.since < after)
    return history if spells == history.spells else _next(history, spells)


def redate(history: History, wrong: date, died_on: date | None) -> History:
    """A death was entered for the wrong day, or (None) wrongly: what ended with it goes on, or ends when it should.

    What had begun after the wrong day was lost with it, and is joined again.
    """
    ended = wrong + timedelta(days=1)
    open_ = tuple(replace(s, until=None) if s.until == ended else s for s in history.spells)
    if died_on is None:
        return history if open_ == history.spells else _next(history, open_)
    closed = close(replace(history, spells=open_), died_on)
    return history if closed.spells == history.spells else closed


def take_seat(last: Seat | None, history: History, organisation: Organisation, since: date, today: date) -> Seat:
    """Sit in the committee of one's branch. Raises WrongDay, WrongOrganisation, NotMember, AlreadyMember."""
    if organisation.kind not in COMMITTEES:
        raise WrongOrganisation("只有支部才有支部委员会。")
    if since > today:
        raise WrongDay("日期不能晚于今天。")
    if not any(spell.organisation == organisation.id and spell.covers(since) for spell in history.spells):
        raise NotMember("该同志那天不在这个支部，不能担任委员。")
    if last and (last.until is None or since < last.until):
        raise AlreadyMember("该同志在这段时间已是委员。")
    return Seat(organisation.id, history.person, since)


def leave_seat(last: Seat | None, on: date, today: date) -> Seat:
    """Give the seat up, `on` being the first day without it. Raises NotMember, WrongDay."""
    if last is None or last.until is not None:
        raise NotMember("该同志现在不是委员。")
    if on > today or on <= last.since:
        raise WrongDay("卸任日期须晚于任职日期，且不晚于今天。")
    return replace(last, until=on)


def _next(history: History, spells: Iterable[Spell]) -> History:
    ordered = sorted(spells, key=lambda s: (s.since, s.kind, s.organisation))
    return replace(history, spells=tuple(ordered), version=history.version + 1)


def _cut(spell: Spell, on: date) -> Spell:
    return replace(spell, until=on if spell.until is None else min(on, spell.until))


def _without_empty(spells: Iterable[Spell]) -> tuple[Spell, ...]:
    """What is ended on the very day of joining has no day left."""
    return tuple(s for s in spells if s.until is None or s.since < s.until)


def _until(standing: Standing) -> date | None:
    return standing.died_on + timedelta(days=1) if standing.died_on else None


def _excludes(old: Spell, new: Spell) -> bool:
    return old.organisation == new.organisation or (old.kind is Kind.HOME and new.kind is Kind.HOME)


def _taken(old: Spell, new: Spell) -> str:
    if old.organisation == new.organisation:
        return "该同志在这段时间已属于该组织。"
    return f"该同志自 {old.since} 起的组织关系在另一支部，不能同时再有一个，请办理转接。"


def _require_day(since: date, organisation: Organisation, standing: Standing) -> None:
    if since > standing.today:
        raise WrongDay("日期不能晚于今天。")
    if since < organisation.founded_on:
        raise WrongDay(f"该组织 {organisation.founded_on} 才成立，日期不能更早。")
    if standing.died_on and since > standing.died_on:
        raise AfterDeath("该同志在那天之前已去世，不能再加入组织。")
