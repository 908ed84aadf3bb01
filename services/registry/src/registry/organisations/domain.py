"""An organisation is founded once and hangs below another from a day on. Sources: capabilities G02, domain.md §3.

Names stay in registry; kind, founding day, host and parents are its public state.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum

from registry.ids import OrganisationId


class Kind(StrEnum):
    BUREAU = "bureau"  # 局、党委
    BRANCH = "branch"  # 支部
    GROUP = "group"  # 党小组
    TEMPORARY = "temporary"  # 临时党支部：不转组织关系，由上级批准


# What a kind may hang below; None is the top of the county.
BELOW: Mapping[Kind, frozenset[Kind | None]] = {
    Kind.BUREAU: frozenset({None, Kind.BUREAU}),
    Kind.BRANCH: frozenset({None, Kind.BUREAU}),
    Kind.GROUP: frozenset({Kind.BRANCH}),
    Kind.TEMPORARY: frozenset({Kind.BUREAU, Kind.BRANCH}),
}


@dataclass(frozen=True, slots=True)
class Link:
    parent: OrganisationId | None
    since: date


@dataclass(frozen=True, slots=True)
class Organisation:
    id: OrganisationId
    kind: Kind
    name: str
    founded_on: date
    host: str | None  # code of the county's list of hosts
    links: tuple[Link, ...]  # by day, the first on the founding day
    revision: int = 1  # the ETag: counts every change
    version: int = 1  # counts what was published

    def parent_on(self, day: date) -> OrganisationId | None:
        return next((link.parent for link in reversed(self.links) if link.since <= day), None)


class Unsaid(Enum):
    """For what a change does not speak of, where None says something."""

    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Changes:
    name: str | None = None
    host: str | Unsaid | None = Unsaid.UNSAID
    link: Link | None = None


Tree = Mapping[OrganisationId, Organisation]


class UnknownOrganisation(Exception):
    def __init__(self, ids: Iterable[OrganisationId]) -> None:
        self.organisations = tuple(ids)
        super().__init__(f"有 {len(self.organisations)} 个组织不在本县的册上，请核对。")


class NoSuchOrganisation(UnknownOrganisation):
    """The one that the request is about, not one that it names."""


class WrongFounding(Exception):
    def __init__(self) -> None:
        super().__init__("成立日期不能晚于今天。")


class WrongParent(Exception):
    """The parent is of a kind that takes no such child, did not exist on that day, or hangs below the child."""


def found(made: Organisation, tree: Tree, today: date) -> Organisation:
    """Check a new organisation against the county's tree. Raises WrongFounding, WrongParent, UnknownOrganisation."""
    if made.founded_on > today:
        raise WrongFounding
    for link in made.links:
        _require_parent(made, link, tree)
    return made


def amend(before: Organisation, changes: Changes, tree: Tree) -> Organisation:
    """Describe it anew and, with a link, hang it below another from that day on; what was said for later days stays.

    Raises WrongParent, UnknownOrganisation.
    """
    after = replace(before, name=changes.name or before.name)
    if not isinstance(changes.host, Unsaid):
        after = replace(after, host=changes.host)
    if link := changes.link:
        _require_parent(before, link, tree)
        others = (old for old in before.links if old.since != link.since)
        after = replace(after, links=tuple(sorted((*others, link), key=lambda one: one.since)))
        _require_no_loop(after, link.since, {**tree, after.id: after})
    return _next(before, after)


def above(organisation: OrganisationId, day: date, tree: Tree) -> frozenset[OrganisationId]:
    """Itself and everything above it on a day."""
    chain: list[OrganisationId] = []
    step: OrganisationId | None = organisation
    while step is not None and step not in chain:
        chain.append(step)
        step = tree[step].parent_on(day) if step in tree else None
    return frozenset(chain)


def _next(before: Organisation, after: Organisation) -> Organisation:
    """Count the change; only what others can see counts as published."""
    if after == before:
        return before
    seen = (before.host, before.links) != (after.host, after.links)
    return replace(after, revision=before.revision + 1, version=before.version + seen)


def _require_parent(child: Organisation, link: Link, tree: Tree) -> None:
    if link.since < child.founded_on:
        raise WrongParent(f"本组织 {child.founded_on} 才成立，隶属关系不能更早开始。")
    if link.parent is not None and link.parent not in tree:
        raise UnknownOrganisation([link.parent])
    parent = tree[link.parent] if link.parent else None
    if (parent.kind if parent else None) not in BELOW[child.kind]:
        raise WrongParent(f"{_KINDS[child.kind]}不能隶属于{_KINDS[parent.kind] if parent else '县一级'}。")
    if parent and parent.founded_on > link.since:
        raise WrongParent(f"上级组织 {parent.founded_on} 才成立，不能更早隶属于它。")


def _require_no_loop(placed: Organisation, since: date, tree: Tree) -> None:
    """Between two days on which some parent changes nothing moves, so these days are all there is to look at."""
    days = {link.since for one in tree.values() for link in one.links}
    for day in sorted(days):
        parent = placed.parent_on(day)
        if parent and placed.id in above(parent, day, tree):
            raise WrongParent(f"自{'那天' if day == since else f' {day} '}起该组织会成为自己的上级。")


_KINDS = {Kind.BUREAU: "局（党委）", Kind.BRANCH: "支部", Kind.GROUP: "党小组", Kind.TEMPORARY: "临时党支部"}
