"""What a close comes to: for the county and for each branch, in the order of the branches' ids."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from scoring.ids import OrganisationId
from scoring.notices.domain import Result, holds


@dataclass(frozen=True, slots=True)
class Sum:
    """No branch: people who were at home in none on the quarter's last day. They are on no notice."""

    branch: OrganisationId | None
    people: int
    total: int


@dataclass(frozen=True, slots=True)
class Figures:
    people: int
    total: int
    branches: tuple[Sum, ...]


def figures(results: Iterable[Result]) -> Figures:
    """Add up what everybody came to, by branch; nobody's branch comes last."""
    totals: dict[OrganisationId | None, list[int]] = defaultdict(list)
    for result in results:
        totals[result.branch].append(result.total)
    branches = sorted(totals, key=lambda branch: (branch is None, branch or ""))
    sums = tuple(Sum(branch, len(totals[branch]), sum(totals[branch])) for branch in branches)
    return Figures(sum(each.people for each in sums), sum(each.total for each in sums), sums)


def crowded(figures: Figures) -> Sum | None:
    """Find a branch of more people than one notice holds."""
    return next((each for each in figures.branches if each.branch and not holds(each.people)), None)
