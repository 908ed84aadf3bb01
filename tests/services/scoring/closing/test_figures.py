"""What a close comes to."""

from datetime import date

from scoring.closing import domain
from scoring.closing.domain import Sum
from scoring.ids import CountyId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain.accounts import Account, Frozen
from scoring.ledger.domain.standing import Belonging, Membership

FIRST, SECOND = Quarter("2022Q1"), Quarter("2022Q2")
LAST_DAY = date(2022, 6, 30)


def account(person: str, branch: str | None, *frozen: Frozen, merged_into: str | None = None) -> Account:
    homes = (Membership(OrganisationId(branch), home=True, since=date(2020, 1, 1), until=None),) if branch else ()
    into = PersonId(merged_into) if merged_into else None
    return Account(
        CountyId("county"), PersonId(person), belonging=Belonging(1, homes), frozen=frozen, merged_into=into
    )


ACCOUNTS = (
    account("p1", "b", Frozen(FIRST, 600, {}, None), Frozen(SECOND, 700, {FIRST: 20}, "good")),
    account("p2", "a", Frozen(SECOND, 650, {}, None)),
    account("p3", "b", Frozen(FIRST, 500, {}, None)),
    account("p4", None, Frozen(SECOND, 610, {FIRST: -30}, None)),
)


def test_what_was_published_is_the_quarters_own_sum_and_what_was_settled_in_it() -> None:
    told = domain.published(ACCOUNTS, SECOND, LAST_DAY)
    assert [(each.person, each.branch, each.total, each.grade) for each in told] == [
        ("p1", "b", 720, "good"),
        ("p2", "a", 650, None),
        ("p4", None, 580, None),
    ]


def test_the_branches_come_in_the_order_of_their_ids_and_who_is_at_home_nowhere_last() -> None:
    figures = domain.figures(domain.published(ACCOUNTS, SECOND, LAST_DAY))
    assert (figures.people, figures.total) == (3, 1950)
    assert figures.branches == (
        Sum(OrganisationId("a"), 1, 650),
        Sum(OrganisationId("b"), 1, 720),
        Sum(None, 1, 580),
    )


def test_who_was_entered_twice_is_told_of_once() -> None:
    twice = account("p0", "a", Frozen(SECOND, 600, {}, None), merged_into="p1")
    assert domain.published([twice, *ACCOUNTS], SECOND, LAST_DAY) == domain.published(ACCOUNTS, SECOND, LAST_DAY)
