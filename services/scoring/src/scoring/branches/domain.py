"""What lies under what, on a given day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scoring.ids import OrganisationId


@dataclass(frozen=True, slots=True)
class Organisation:
    id: OrganisationId
    kind: str | None  # None: somebody is its member, and it has not been told of yet
    parents: tuple[tuple[OrganisationId | None, date], ...]  # (parent, since), earliest first

    def parent_on(self, day: date) -> OrganisationId | None:
        held = [parent for parent, since in self.parents if since <= day]
        return held[-1] if held else None


class BranchNotFound(Exception):
    def __init__(self, branch: str) -> None:
        super().__init__(f"没有编号为{branch}的组织。")


def above(
    organisation: OrganisationId | None, tree: Mapping[OrganisationId, Organisation], day: date
) -> frozenset[str]:
    """The organisation and all above it. Stops at a ring, which the books should not have."""
    line: list[str] = []
    at = organisation
    while at is not None and at not in line:
        line.append(at)
        at = tree[at].parent_on(day) if at in tree else None
    return frozenset(line)


def within(tops: Iterable[str], tree: Mapping[OrganisationId, Organisation], day: date) -> list[OrganisationId]:
    """Every organisation in or below one of `tops`."""
    wanted = set(tops)
    return sorted(each for each in tree if not wanted.isdisjoint(above(each, tree, day)))
