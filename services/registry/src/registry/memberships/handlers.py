from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from kit.tokens import Principal
from registry.access import Resource, require
from registry.days import day_of
from registry.ids import OrganisationId, PersonId
from registry.memberships import domain, events
from registry.memberships.domain import History, Kind, Seat, Standing
from registry.organisations import domain as organisation_domain
from registry.organisations import handlers as organisations
from registry.organisations.domain import Kind as OrganisationKind
from registry.organisations.domain import NoSuchOrganisation, Tree
from registry.people.domain import Person, Status
from registry.taxonomies.domain import Due
from registry.work import Work


@dataclass(frozen=True, slots=True)
class Join:
    person: PersonId
    organisation: OrganisationId
    kind: Kind
    since: date


@dataclass(frozen=True, slots=True)
class Transfer:
    person: PersonId
    organisation: OrganisationId
    on: date


@dataclass(frozen=True, slots=True)
class Leave:
    person: PersonId
    organisation: OrganisationId
    on: date


async def join(work: Work, command: Join, by: Principal) -> History:
    """Raises Forbidden, UnknownPerson, UnknownOrganisation and what domain.join raises."""
    require(by, "membership.change", Resource(work.county))
    standing = _standing(work, await work.people.lock(command.person))
    organisation = organisations.one(await work.organisations.tree(), command.organisation)
    history = await work.memberships.of(command.person)
    joined = domain.join(history, organisation, command.kind, command.since, standing)
    await work.memberships.save(joined)
    await work.outbox.add(events.joined(work, joined, command.since, by))
    return joined


async def transfer(work: Work, command: Transfer, by: Principal) -> History:
    """Raises Forbidden, UnknownPerson, UnknownOrganisation and what domain.transfer raises."""
    require(by, "membership.change", Resource(work.county))
    standing = _standing(work, await work.people.lock(command.person))
    tree = await work.organisations.tree()
    organisation = organisations.one(tree, command.organisation)
    history = await work.memberships.of(command.person)
    groups = _groups_below(history.home_on(command.on), command.on, tree)
    transferred = domain.transfer(history, organisation, command.on, standing, groups)
    await work.memberships.save(transferred)
    await work.outbox.add(events.transferred(work, transferred, command.on, by))
    return transferred


async def leave(work: Work, command: Leave, by: Principal) -> History:
    """Raises Forbidden, UnknownPerson and what domain.end raises."""
    require(by, "membership.change", Resource(work.county))
    standing = _standing(work, await work.people.lock(command.person))
    left = domain.end(await work.memberships.of(command.person), command.organisation, command.on, standing)
    await work.memberships.save(left)
    await work.outbox.add(events.ended(work, left, command.on, by))
    return left


async def close(work: Work, person: PersonId, last_day: date, by: Principal) -> None:
    """End everything with a death or a merge; the caller holds the person's lock and has asked whether it may."""
    history = await work.memberships.of(person)
    closed = domain.close(history, last_day)
    if closed != history:
        await work.memberships.save(closed)
        await work.outbox.add(events.ended(work, closed, last_day + timedelta(days=1), by))


async def redate(work: Work, person: PersonId, wrong: date, died_on: date | None, by: Principal) -> None:
    """Follow the correction of a death; the caller holds the person's lock and has asked whether it may."""
    history = await work.memberships.of(person)
    redated = domain.redate(history, wrong, died_on)
    if redated == history:
        return
    await work.memberships.save(redated)
    if died_on is None:
        await work.outbox.add(events.joined(work, redated, wrong + timedelta(days=1), by))
    else:
        await work.outbox.add(events.ended(work, redated, died_on + timedelta(days=1), by))


async def take_seat(work: Work, command: Seat, by: Principal) -> None:
    """Raises Forbidden, UnknownPerson, UnknownOrganisation and what domain.take_seat raises."""
    require(by, "committee.change", Resource(work.county))
    await work.people.lock(command.person)
    organisation = organisations.one(await work.organisations.tree(), command.organisation)
    last = await work.memberships.seat(command.organisation, command.person)
    history = await work.memberships.of(command.person)
    await work.memberships.save_seat(domain.take_seat(last, history, organisation, command.since, day_of(work.now)))


async def leave_seat(work: Work, command: Leave, by: Principal) -> None:
    """Raises Forbidden, UnknownPerson, NotMember, WrongDay."""
    require(by, "committee.change", Resource(work.county))
    await work.people.lock(command.person)
    last = await work.memberships.seat(command.organisation, command.person)
    await work.memberships.save_seat(domain.leave_seat(last, command.on, day_of(work.now)))


async def require_list_of(work: Work, person: PersonId, by: Principal) -> None:
    """A recorder may see where somebody belongs who belongs, today, to the recorder's part of the tree.

    Raises Forbidden, UnknownPerson.
    """
    await work.people.share([person])
    today = day_of(work.now)
    history = await work.memberships.of(person)
    tree = await work.organisations.tree()
    above = (organisation_domain.above(s.organisation, today, tree) for s in history.spells if s.covers(today))
    require(by, "membership.list", Resource(work.county, frozenset().union(*above)))


async def require_list_in(work: Work, organisation: OrganisationId, by: Principal) -> None:
    """Raises Forbidden, NoSuchOrganisation."""
    tree = await work.organisations.tree()
    if organisation not in tree:
        raise NoSuchOrganisation([organisation])
    organisations.require_each(work, by, "membership.list", [organisation], tree)


async def due_on(work: Work, due: Due, hosts: Collection[OrganisationId], day: date) -> frozenset[PersonId]:
    """Who had to come to a meeting of these hosts on that day: nobody who lived elsewhere then."""
    match due:
        case Due.ALL | Due.GROUP:
            return await work.memberships.members_on(hosts, day)
        case Due.COMMITTEE:
            return await work.memberships.committee_on(hosts, day)
        case Due.NONE:
            return frozenset()
        case _:
            assert_never(due)


def _standing(work: Work, person: Person) -> Standing:
    return Standing(day_of(work.now), person.status_since if person.status is Status.DIED else None)


def _groups_below(branch: OrganisationId | None, day: date, tree: Tree) -> list[OrganisationId]:
    groups = (one for one in tree.values() if one.kind is OrganisationKind.GROUP)
    return [group.id for group in groups if group.parent_on(day) == branch]
