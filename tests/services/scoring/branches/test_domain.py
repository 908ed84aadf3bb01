"""What lies under what, on a given day."""

from datetime import date

from scoring.branches.domain import Organisation, above, within
from scoring.ids import OrganisationId

BUREAU, BRANCH, GROUP = (OrganisationId(name) for name in ("bureau", "branch", "group"))
DAY = date(2022, 5, 1)


def organisation(id_: OrganisationId, *parents: tuple[OrganisationId | None, date]) -> Organisation:
    return Organisation(id_, "branch", parents)


TREE = {
    BUREAU: organisation(BUREAU, (None, date(2000, 1, 1))),
    BRANCH: organisation(BRANCH, (BUREAU, date(2000, 1, 1))),
    GROUP: organisation(GROUP, (BUREAU, date(2000, 1, 1)), (BRANCH, DAY)),
}


def test_the_line_upwards_is_that_of_the_day() -> None:
    assert above(GROUP, TREE, DAY) == {GROUP, BRANCH, BUREAU}
    assert above(GROUP, TREE, date(2022, 4, 30)) == {GROUP, BUREAU}


def test_what_lies_below_includes_the_top_itself() -> None:
    assert within([BRANCH], TREE, DAY) == [BRANCH, GROUP]


def test_an_unknown_parent_ends_the_line() -> None:
    assert above(OrganisationId("elsewhere"), TREE, DAY) == {"elsewhere"}


def test_a_ring_does_not_hang() -> None:
    ring = {BRANCH: organisation(BRANCH, (GROUP, DAY)), GROUP: organisation(GROUP, (BRANCH, DAY))}
    assert above(BRANCH, ring, DAY) == {BRANCH, GROUP}
