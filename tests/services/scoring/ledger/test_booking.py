"""What is booked on a day adds up to what everybody has, whatever the clocks of those who book say."""

from datetime import date

from scoring.ids import CountyId, PersonId, Quarter
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.cells import Total
from scoring.ledger.domain.settling import publish
from scoring.ledger.domain.worth import Worth

TODAY, YESTERDAY = date(2022, 4, 2), date(2022, 4, 1)


def worth(points: int) -> Worth:
    total = Total(Quarter("2022Q1"), base=points, aspects={}, total=points)
    return Worth({total.period: total}, (total,), {})


def told(account: Account, points: int, day: date) -> Account:
    return publish(account, account, worth(points), day, written=True)[0]


def test_who_booked_with_yesterdays_clock_adds_to_the_day_told_last() -> None:
    first = told(Account(CountyId("county"), PersonId("person")), 600, TODAY)
    second = told(first, 620, YESTERDAY)
    assert (second.published.booked_on, second.published.booked) == (TODAY, 620)


def test_another_day_begins_at_nothing() -> None:
    first = told(Account(CountyId("county"), PersonId("person")), 600, YESTERDAY)
    second = told(first, 620, TODAY)
    assert (second.published.booked_on, second.published.booked) == (TODAY, 20)
