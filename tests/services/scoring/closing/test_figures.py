"""What a close comes to."""

from scoring.closing import domain
from scoring.closing.domain import Figures, Sum
from scoring.ids import OrganisationId, PersonId
from scoring.notices.domain import MOST_PEOPLE, Result

HIGH, LOW = OrganisationId("b"), OrganisationId("a")


def test_the_branches_come_in_the_order_of_their_ids_and_who_is_at_home_nowhere_last() -> None:
    told = [(HIGH, 900), (None, 580), (LOW, 100), (HIGH, -20)]
    results = [Result(PersonId(f"p{n}"), branch, total, None) for n, (branch, total) in enumerate(told)]
    assert domain.figures(results) == Figures(4, 1560, (Sum(LOW, 1, 100), Sum(HIGH, 2, 880), Sum(None, 1, 580)))


def test_the_first_branch_that_one_notice_cannot_hold_is_found() -> None:
    some, many = Sum(LOW, MOST_PEOPLE, 1), Sum(HIGH, MOST_PEOPLE + 1, 1)
    assert domain.crowded(Figures(1, 1, (some, Sum(None, MOST_PEOPLE + 1, 1)))) is None
    assert domain.crowded(Figures(1, 1, (some, many))) == many


def test_nobody_comes_to_nothing() -> None:
    assert domain.figures([]) == Figures(0, 0, ())
