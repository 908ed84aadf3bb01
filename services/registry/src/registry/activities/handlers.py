from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kit.commands import require_version
from kit.tokens import Principal
from registry.activities import domain, events
from registry.activities.domain import (
    ABSENT,
    Activity,
    Change,
    Entry,
    Occasion,
    Outcome,
    Overtaken,
    People,
    WrongHosts,
)
from registry.days import day_of, start_of
from registry.ids import ActivityId, PersonId
from registry.memberships import handlers as memberships
from registry.organisations import handlers as organisations
from registry.organisations.domain import Kind as OrganisationKind
from registry.organisations.domain import Tree, UnknownOrganisation
from registry.people.domain import Status, UnknownPerson
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
    named = {entry.person for entry in command.entries}
    if command.rest_missed:
        named |= seen.lines.keys() | await _due(work, seen.activity.occasion)
    people = await _share(work, named, seen.activity.occasion)
    sheet = await work.activities.lock(command.activity)
    if sheet.activity.occasion != seen.activity.occasion:
        raise Overtaken
    entries = command.entries
    if command.rest_missed:
        entries = domain.rest_missed(sheet, entries, people, command.rest_missed)
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
    people = await _share(work, seen.lines, occasion)
    sheet = await work.activities.lock(command.activity)
    require_version(command.seen, sheet.activity.revision)
    if sheet.activity.revision != seen.activity.revision:
        raise Overtaken
    return await _save(work, domain.revise(sheet, occasion, people, work.now), by)


async def require_attendance(work: Work, activity: ActivityId, by: Principal) -> None:
    """Whether the principal may see who was there. Raises Forbidden, UnknownActivity."""
    await _require(work, by, (await work.activities.peek(activity)).activity, "attendance.view")


async def recorded_from(work: Work, person: PersonId, day: date) -> list[tuple[ActivityId, date, Outcome]]:
    """What is recorded of a person at activities of that day and later ones."""
    lines = await work.activities.lines_from(person, start_of(day))
    return [(activity, day_of(starts), outcome) for activity, (starts, outcome) in lines.items()]


async def withdraw_undue(work: Work, person: PersonId, since: date, by: Principal) -> None:
    """Take back every absence from that day on that cannot be charged to the person any more.

    The caller holds the person's lock, has asked whether it may, and has saved what makes the person due no longer.
    """
    lines = await recorded_from(work, person, since)
    absences = [activity for activity, _, outcome in lines if outcome in ABSENT]
    for sheet in await work.activities.lock_each(absences) if absences else ():
        due = await _due(work, sheet.activity.occasion)
        if person not in due:
            await _save(work, domain.withdraw(sheet, person, due), by)


async def _require(work: Work, by: Principal, activity: Activity, action: str = "activity.record") -> None:
    tree = await work.organisations.tree()
    organisations.require_each(work, by, action, activity.occasion.hosts, tree)


async def _save(work: Work, change: Change, by: Principal) -> Activity:
    await work.activities.save(change, work.now, by.user)
    await work.outbox.add(*events.of(work, change, by))
    return change.activity


async def _share(work: Work, named: Collection[PersonId], occasion: Occasion) -> People:
    """Keep everyone named as they are until the end, and learn who they are; only then, who is due."""
    try:
        known = await work.people.share(named)
    except UnknownPerson as unknown:
        known = await work.people.share(frozenset(named) - frozenset(unknown.people))
    dead = {one.id: one.status_since for one in known.values() if one.status is Status.DIED and one.status_since}
    merged = await work.people.surviving([one.id for one in known.values() if one.merged_into])
    return People(await _due(work, occasion), frozenset(known), dead, merged)


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
