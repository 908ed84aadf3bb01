from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from kit.commands import require_version
from kit.tokens import Principal
from registry.activities import domain, events
from registry.activities.domain import Activity, Change, Entry, Occasion, Outcome, Overtaken, People, WrongHosts
from registry.days import SHANGHAI, day_of
from registry.ids import ActivityId, PersonId
from registry.memberships import handlers as memberships
from registry.organisations import handlers as organisations
from registry.organisations.domain import Kind as OrganisationKind
from registry.organisations.domain import Tree, UnknownOrganisation
from registry.taxonomies import domain as taxonomy
from registry.taxonomies import handlers as taxonomies
from registry.taxonomies.domain import Due, ListName, Use
from registry.work import Work


@dataclass(frozen=True, slots=True)
class CorrectActivity:
    activity: ActivityId
    seen: int  # the revision that the caller has read
    changes: Mapping[str, Any]  # fields of Occasion that are to be otherwise


@dataclass(frozen=True, slots=True)
class RecordAttendance:
    """A whole list. With an origin in `rest_missed` the recorder says: whoever else was due has missed it."""

    activity: ActivityId
    entries: tuple[Entry, ...]
    rest_missed: str | None = None


async def plan_activity(work: Work, occasion: Occasion, by: Principal) -> Activity:
    """Raises Forbidden, UnknownOrganisation, WrongCode, WrongHosts, WrongTimes."""
    await _check(work, occasion, by)
    activity = domain.plan(ActivityId(work.new_id()), occasion)
    await work.activities.add(activity)
    return activity


async def record_attendance(work: Work, command: RecordAttendance, by: Principal) -> Activity:
    """Enter a list, before the activity is closed or after.

    Raises Forbidden, UnknownActivity, WrongTimes, AttendanceRefused, Overtaken.
    """
    seen = await work.activities.peek(command.activity)
    await _require(work, by, seen.activity)
    due = await _due(work, seen.activity.occasion)
    named = {entry.person for entry in command.entries} | (due if command.rest_missed else frozenset())
    people = await _share(work, named, due, seen.activity.occasion.day)
    sheet = await work.activities.lock(command.activity)
    if sheet.activity.occasion != seen.activity.occasion:
        raise Overtaken
    entries = command.entries
    if command.rest_missed:
        entries = domain.rest_missed(sheet, entries, people.due, command.rest_missed)
    return await _save(work, domain.record(sheet, entries, people, work.now), by)


async def close_activity(work: Work, activity: ActivityId, by: Principal) -> Activity:
    """Publish it and its whole list. Raises Forbidden, UnknownActivity, AlreadyHeld, WrongTimes."""
    sheet = await work.activities.lock(activity)
    await _require(work, by, sheet.activity)
    due = await _due(work, sheet.activity.occasion)
    return await _save(work, domain.hold(sheet, due, work.now), by)


async def correct_activity(work: Work, command: CorrectActivity, by: Principal) -> Activity:
    """Correct what it was, where and when.

    Raises Forbidden, UnknownActivity, StaleVersion, UnknownOrganisation, WrongCode, WrongHosts, WrongTimes,
    AttendanceRefused, Overtaken.
    """
    seen = await work.activities.peek(command.activity)
    await _require(work, by, seen.activity)
    occasion = replace(seen.activity.occasion, **command.changes)
    await _check(work, occasion, by)
    people = await _share(work, frozenset(seen.lines), await _due(work, occasion), occasion.day)
    sheet = await work.activities.lock(command.activity)
    require_version(command.seen, sheet.activity.revision)
    if sheet.activity.revision != seen.activity.revision:
        raise Overtaken
    return await _save(work, domain.revise(sheet, occasion, people, work.now), by)


async def require_attendance(work: Work, activity: ActivityId, by: Principal) -> None:
    """Whether the principal may see who was there. Raises Forbidden, UnknownActivity."""
    await _require(work, by, (await work.activities.peek(activity)).activity, "attendance.view")


async def recorded_after(work: Work, person: PersonId, day: date) -> list[tuple[ActivityId, date, Outcome]]:
    """What is recorded of a person at activities after that day."""
    morning = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    lines = await work.activities.lines_from(person, morning)
    return [(activity, day_of(starts), outcome) for activity, (starts, outcome) in lines.items()]


async def withdraw_absences(work: Work, person: PersonId, activities: Collection[ActivityId], by: Principal) -> None:
    """Take a dead person's absences back; the caller holds the person's lock and has asked whether it may."""
    for sheet in await work.activities.lock_each(activities) if activities else ():
        due = await _due(work, sheet.activity.occasion)
        await _save(work, domain.withdraw(sheet, person, due), by)


async def _require(work: Work, by: Principal, activity: Activity, action: str = "activity.record") -> None:
    tree = await work.organisations.tree()
    organisations.require_each(work, by, action, activity.occasion.hosts, tree)


async def _save(work: Work, change: Change, by: Principal) -> Activity:
    await work.activities.save(change, work.now, by.user)
    await work.outbox.add(*events.of(work, change, by))
    return change.activity


async def _share(work: Work, named: Iterable[PersonId], due: frozenset[PersonId], day: date) -> People:
    """Keep everyone named from dying meanwhile, and learn who they are; the dead are due nowhere."""
    found = await work.activities.share_people(frozenset(named))
    dead = {person: died for person, died in found.items() if died}
    return People(due - {p for p, died in dead.items() if died < day}, frozenset(found), dead)


async def _due(work: Work, occasion: Occasion) -> frozenset[PersonId]:
    """Who had to come, by what the county says of this kind now; a kind that was ended since still says it."""
    kinds = (await taxonomies.in_force(work)).get(ListName.ACTIVITY_KIND)
    kind = kinds.get(occasion.kind) if kinds else None
    due = kind.due if kind and kind.due else Due.NONE
    return await memberships.due_on(work, due, occasion.hosts, occasion.day)


async def _check(work: Work, occasion: Occasion, by: Principal) -> None:
    """Whether the principal may record it for each host, and whether every code and host holds on its day."""
    tree = await work.organisations.tree()
    if unknown := [host for host in occasion.hosts if host not in tree]:
        raise UnknownOrganisation(unknown)
    organisations.require_each(work, by, "activity.record", occasion.hosts, tree)
    known = await taxonomies.in_force(work)
    taxonomy.check(known, _uses(occasion))
    kind = taxonomy.look_up(known, Use("kind", ListName.ACTIVITY_KIND, occasion.kind, occasion.day))
    _check_hosts(occasion, kind.due, tree)


def _uses(occasion: Occasion) -> list[Use]:
    fields = (
        ("kind", ListName.ACTIVITY_KIND, occasion.kind),
        ("theme", ListName.THEME, occasion.theme),
        ("place", ListName.PLACE_KIND, occasion.place),
    )
    return [Use(field, name, code, occasion.day) for field, name, code in fields if code is not None]


def _check_hosts(occasion: Occasion, due: Due | None, tree: Tree) -> None:
    hosts = [tree[host] for host in occasion.hosts]
    if any(host.founded_on > occasion.day for host in hosts):
        raise WrongHosts("举办组织在活动那天还没有成立。")
    if due is Due.GROUP and any(host.kind is not OrganisationKind.GROUP for host in hosts):
        raise WrongHosts("这类会议由党小组举行，举办组织只能是党小组。")
