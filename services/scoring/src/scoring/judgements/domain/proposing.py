"""What may be proposed, by the book of its quarter and by what is known of the person."""

from dataclasses import dataclass
from datetime import date, timedelta

from scoring.ids import PersonId, Quarter
from scoring.judgements.domain.judgement import About, Kind
from scoring.judgements.domain.refusals import (
    ExemptDay,
    JudgementInFuture,
    MonthNotAsked,
    MonthNotInPeriod,
    NotForClass,
    OutOfScope,
    UnknownGrade,
    UnknownItem,
)
from scoring.ledger.domain.standing import Belonging, Standing, scope_of
from scoring.periods.domain import Period, month_of, quarter_of
from scoring.rulebooks.domain import Book, Item


@dataclass(frozen=True, slots=True)
class Appraisal:
    person: PersonId
    item: str
    period: Quarter
    grade: str
    month: str | None = None


@dataclass(frozen=True, slots=True)
class Deduction:
    person: PersonId
    item: str
    day: date

    @property
    def period(self) -> Quarter:
        return quarter_of(self.day)


def appraise(wanted: Appraisal, period: Period, book: Book, today: date) -> About:
    """Propose a grade for a quarter or one of its months.

    Raises UnknownItem, UnknownGrade, MonthNotAsked, MonthNotInPeriod, JudgementInFuture.
    """
    item = _item(wanted.item, wanted.period, book, Kind.APPRAISAL)
    if wanted.grade not in item.grades:
        raise UnknownGrade(item.grades)
    first, last = _span(wanted.month, item, period)
    if first > today:
        raise JudgementInFuture(first, today)
    return About(
        wanted.person, Kind.APPRAISAL, wanted.item, wanted.period, last, grade=wanted.grade, month=wanted.month
    )


def deduct(wanted: Deduction, book: Book, today: date) -> About:
    """Propose to take away for what happened on a day. Raises JudgementInFuture, UnknownItem."""
    if wanted.day > today:
        raise JudgementInFuture(wanted.day, today)
    item = _item(wanted.item, wanted.period, book, Kind.DEDUCTION, Kind.VETO)
    return About(wanted.person, Kind(item.kind), wanted.item, wanted.period, wanted.day)


def admit(about: About, standing: Standing, belonging: Belonging, period: Period, book: Book) -> None:
    """Look whether the judgement could count at all. Raises OutOfScope, NotForClass, ExemptDay."""
    if scope_of(standing, belonging, period, book.base.keys()).since is None:
        raise OutOfScope(about.period)
    class_ = standing.class_for(about.day)
    if class_ not in book.base or not book.item(about.item).concerns(class_):
        raise NotForClass
    if about.kind is not Kind.APPRAISAL and standing.exempt_on(about.day):
        raise ExemptDay(about.day)


def _item(code: str, period: Quarter, book: Book, *kinds: Kind) -> Item:
    item = book.find(code)
    if item is None or item.kind not in kinds:
        raise UnknownItem(period, kinds)
    return item


def _span(month: str | None, item: Item, period: Period) -> tuple[date, date]:
    """First and last day of what is appraised."""
    if (item.every == "month") is not (month is not None):
        raise MonthNotAsked(item.every == "month")
    if month is None:
        return period.starts_on, period.ends_on
    days = [period.starts_on + timedelta(days=n) for n in range((period.ends_on - period.starts_on).days + 1)]
    within = [day for day in days if month_of(day) == month]
    if not within:
        raise MonthNotInPeriod(period.code)
    return within[0], within[-1]
