"""What happens to an activity: each function takes it as it stands and gives it as it is afterwards."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from registry.activities.domain.refusals import AlreadyHeld, AttendanceRefused, WrongHosts, WrongTimes
from registry.activities.domain.sheet import (
    ABSENT,
    BEGUN,
    PROXY,
    Activity,
    Attendance,
    Change,
    Counts,
    Entry,
    Occasion,
    Outcome,
    People,
    Sheet,
    State,
)
from registry.ids import ActivityId, PersonId


def plan(activity: ActivityId, occasion: Occasion) -> Activity:
    """Raises WrongTimes, WrongHosts."""
    return Activity(activity, _sound(occasion))


def record(sheet: Sheet, entries: Iterable[Entry], people: People, now: datetime) -> Change:
    """Enter a list. A line that says what already stands changes nothing. Raises WrongTimes, AttendanceRefused."""
    listed = tuple(_whole(entry) for entry in entries)
    _require_once(listed)
    new = [(place, entry) for place, entry in enumerate(listed) if not _stands(sheet, entry)]
    if sheet.activity.occasion.starts > now and any(entry.outcome in BEGUN for _, entry in new):
        raise WrongTimes("活动还没有开始，只能登记请假。")
    if errors := [error for place, entry in new for error in _wrong(sheet, entry, people, f"entries.{place}")]:
        raise AttendanceRefused(errors)
    return _settle(sheet, sheet.activity, [_next(sheet, entry) for _, entry in new], people.due)


def rest_missed(sheet: Sheet, entries: Iterable[Entry], people: People, origin: str) -> tuple[Entry, ...]:
    """The list, completed at the recorder's word: whoever was due and stands nowhere has missed it.

    Who stands under an entry that was merged since stands.
    """
    listed = tuple(entries)
    standing = {person for person, line in sheet.lines.items() if line.entry.outcome is not Outcome.WITHDRAWN}
    standing |= {people.merged.get(person, person) for person in standing}
    rest = sorted((people.due & people.known) - standing - {entry.person for entry in listed})
    return (*listed, *(Entry(person, Outcome.MISSED, origin) for person in rest))


def hold(sheet: Sheet, due: frozenset[PersonId], now: datetime) -> Change:
    """Close it: it and every line of its list become public. Raises AlreadyHeld, WrongTimes."""
    if sheet.activity.state is State.HELD:
        raise AlreadyHeld
    if sheet.activity.occasion.ends > now:
        raise WrongTimes("活动还没有结束，不能办结。")
    held = replace(sheet.activity, state=State.HELD)
    shown = (line.entry for line in sheet.lines.values() if line.entry.outcome is not Outcome.WITHDRAWN)
    return _settle(sheet, held, [Attendance(entry, version=1) for entry in shown], due)


def revise(sheet: Sheet, occasion: Occasion, people: People, now: datetime) -> Change:
    """Correct the activity itself: everything published of it gets its next version, since each line repeats it.

    An absence of somebody who was not due after all is withdrawn; what stands under an entry that was merged since is
    left as it was recorded. Raises WrongTimes, WrongHosts, AttendanceRefused.
    """
    if sheet.activity.occasion == occasion:
        return Change(sheet.activity, sheet.activity, ())
    if errors := [_died(p) for p in _attended(sheet) if p in people.dead and people.dead[p] < occasion.day]:
        raise AttendanceRefused(errors)
    revised = replace(sheet.activity, occasion=_sound(occasion))
    corrected = [(line, _corrected(line.entry, people)) for line in sheet.lines.values()]
    _require_past(revised, {entry.outcome for _, entry in corrected}, now)
    lines = [_next(sheet, entry) for line, entry in corrected if entry != line.entry or line.version]
    return _settle(sheet, revised, lines, people.due)


def withdraw(sheet: Sheet, person: PersonId, due: frozenset[PersonId]) -> Change:
    """Take one absence back because the person was not due after all."""
    gone = replace(sheet.lines[person].entry, outcome=Outcome.WITHDRAWN)
    return _settle(sheet, sheet.activity, [_next(sheet, gone)], due)


def _whole(entry: Entry) -> Entry:
    """A proxy's entry need not say for whom it was made."""
    unsaid = entry.origin == PROXY and entry.on_behalf_of is None
    return replace(entry, on_behalf_of=entry.person) if unsaid else entry


def _stands(sheet: Sheet, entry: Entry) -> bool:
    line = sheet.lines.get(entry.person)
    return line is not None and line.entry == entry


def _next(sheet: Sheet, entry: Entry) -> Attendance:
    """A line's next version if the activity is public; until then nobody has seen one."""
    line = sheet.lines.get(entry.person)
    return Attendance(entry, (line.version if line else 0) + (sheet.activity.state is State.HELD))


def _settle(sheet: Sheet, activity: Activity, lines: list[Attendance], due: frozenset[PersonId]) -> Change:
    """Count again; an activity that now looks different in public has its next version."""
    after = {**sheet.lines, **{line.entry.person: line for line in lines}}
    outcomes = Counter(line.entry.outcome for line in after.values())
    counts = Counts(len(due), outcomes[Outcome.ATTENDED], outcomes[Outcome.EXCUSED], outcomes[Outcome.MISSED])
    settled, before = replace(activity, counts=counts), sheet.activity
    if settled != before or lines:
        seen = settled.state is State.HELD and settled != before
        settled = replace(settled, revision=before.revision + 1, version=before.version + seen)
    return Change(before, settled, tuple(lines))


def _sound(occasion: Occasion) -> Occasion:
    if occasion.ends <= occasion.starts:
        raise WrongTimes("活动的结束时间须晚于开始时间。")
    if not occasion.hosts:
        raise WrongHosts("活动至少要有一个举办组织。")
    if len(set(occasion.hosts)) < len(occasion.hosts):
        raise WrongHosts("同一个举办组织写了两次。")
    return occasion


def _require_past(activity: Activity, outcomes: set[Outcome], now: datetime) -> None:
    """What was closed is over, and what somebody attended or missed has begun, whatever is corrected."""
    if activity.state is State.HELD and activity.occasion.ends > now:
        raise WrongTimes("活动已经办结，结束时间不能晚于现在。")
    if activity.occasion.starts > now and outcomes & BEGUN:
        raise WrongTimes("名单上已有到会或缺席的登记，开始时间不能晚于现在。")


def _wrong(sheet: Sheet, entry: Entry, people: People, at: str) -> Iterable[Mapping[str, str]]:
    """Every reason why a line cannot be recorded."""
    line = sheet.lines.get(entry.person)
    died = people.dead.get(entry.person)
    if entry.person in people.merged and entry.outcome is not Outcome.WITHDRAWN:
        into = people.merged[entry.person]
        yield {
            "field": f"{at}.person",
            "merged_into": into,
            "sentence": f"此人的这条登记已合并，请改记保留的登记（{into}）",
        }
        return
    if entry.person not in people.known:
        yield {"field": f"{at}.person", "sentence": "本县的册上没有这个人"}
    if died and died < sheet.activity.occasion.day and entry.outcome is not Outcome.WITHDRAWN:
        yield {"field": f"{at}.person", "sentence": "此人在活动那天之前已去世"}
    if entry.outcome in ABSENT and entry.person in people.known - people.due:
        yield {"field": f"{at}.outcome", "sentence": "此人不在这次活动的应到范围，不能记请假或缺席"}
    if entry.outcome is Outcome.WITHDRAWN and (line is None or line.entry.outcome is Outcome.WITHDRAWN):
        yield {"field": f"{at}.outcome", "sentence": "此人没有可撤销的登记"}
    if entry.on_behalf_of != (entry.person if entry.origin == PROXY else None):
        yield {"field": f"{at}.on_behalf_of", "sentence": "代办只能是代这一行的本人办理，其他方式不写代谁办理"}


def _require_once(entries: tuple[Entry, ...]) -> None:
    times = Counter(entry.person for entry in entries)
    twice = [(place, entry) for place, entry in enumerate(entries) if times[entry.person] > 1]
    if twice:
        raise AttendanceRefused(
            {"field": f"entries.{p}.person", "sentence": "此人在名单上出现不止一次"} for p, _ in twice
        )


def _attended(sheet: Sheet) -> list[PersonId]:
    return [person for person, line in sheet.lines.items() if line.entry.outcome is Outcome.ATTENDED]


def _died(person: PersonId) -> Mapping[str, str]:
    """Not when: whoever records a list need not know it."""
    return {"field": f"attendance.{person}", "sentence": "此人在改期后的那天之前已去世，不可能参加"}


def _corrected(entry: Entry, people: People) -> Entry:
    lost = entry.outcome in ABSENT and entry.person not in people.due | people.merged.keys()
    return replace(entry, outcome=Outcome.WITHDRAWN) if lost else entry
