from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kit.commands import require_version
from kit.tokens import Principal
from registry.access import Resource, require
from registry.days import day_of
from registry.ids import OrganisationId
from registry.organisations import domain, events
from registry.organisations.domain import (
    Changes,
    Kind,
    Link,
    NoSuchOrganisation,
    Organisation,
    Tree,
    UnknownOrganisation,
)
from registry.taxonomies import handlers as taxonomies
from registry.taxonomies.domain import ListName, Use
from registry.work import Work


@dataclass(frozen=True, slots=True)
class FoundOrganisation:
    kind: Kind
    name: str
    founded_on: date
    host: str | None
    parent: OrganisationId | None


@dataclass(frozen=True, slots=True)
class AmendOrganisation:
    organisation: OrganisationId
    seen: int  # the revision that the caller has read
    changes: Changes


async def found_organisation(work: Work, command: FoundOrganisation, by: Principal) -> Organisation:
    """Raises Forbidden, WrongFounding, WrongParent, UnknownOrganisation, WrongCode."""
    require(by, "organisation.found", Resource(work.county))
    await _check_host(work, command.host, command.founded_on)
    links = (Link(command.parent, command.founded_on),)
    id_ = OrganisationId(work.new_id())
    made = Organisation(id_, command.kind, command.name, command.founded_on, command.host, links)
    founded = domain.found(made, await work.organisations.tree(), day_of(work.now))
    await work.organisations.add(founded)
    await work.outbox.add(events.founded(work, founded, by))
    return founded


async def amend_organisation(work: Work, command: AmendOrganisation, by: Principal) -> Organisation:
    """Raises Forbidden, NoSuchOrganisation, UnknownOrganisation, StaleVersion, WrongParent, WrongCode."""
    require(by, "organisation.amend", Resource(work.county))
    tree = await work.organisations.lock_tree()
    if command.organisation not in tree:
        raise NoSuchOrganisation([command.organisation])
    before = tree[command.organisation]
    require_version(command.seen, before.revision)
    after = domain.amend(before, command.changes, tree)
    if after.host != before.host:
        await _check_host(work, after.host, day_of(work.now))
    if after != before:
        await work.organisations.save(after)
    if after.version != before.version:
        link = command.changes.link if after.links != before.links else None
        await work.outbox.add(events.amended(work, after, link.since if link else None, by))
    return after


def one(tree: Tree, organisation: OrganisationId) -> Organisation:
    """Raises UnknownOrganisation."""
    if organisation not in tree:
        raise UnknownOrganisation([organisation])
    return tree[organisation]


def require_each(work: Work, by: Principal, action: str, organisations: Iterable[OrganisationId], tree: Tree) -> None:
    """Whether the principal may act for every one of them, as the tree stands today. Raises Forbidden."""
    for organisation in organisations:
        within = domain.above(organisation, day_of(work.now), tree)
        require(by, action, Resource(work.county, frozenset(within)))


async def _check_host(work: Work, host: str | None, day: date) -> None:
    if host is not None:
        await taxonomies.check_codes(work, [Use("host", ListName.HOST, host, day)])
