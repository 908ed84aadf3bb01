"""The fold: an account takes news in any order, any number of times, and ends up where a recount would.

`take` decides what the news change and which cells become dirty; the caller then loads those cells' facts and
standing lines, and `settling.settle` writes the lines and the totals. Both are pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from scoring.ids import CountyId, OrganisationId, PersonId, Quarter
from scoring.ledger.domain.cells import Earned, Total
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.rating import NOT_PLAIN, Plainness, moves_plainly
from scoring.ledger.domain.standing import Belonging, Exemption, Life, Standing
from scoring.periods.domain import Rules
from scoring.rulebooks.domain import Book

News = Fact | Life | Belonging | Exemption


@dataclass(frozen=True, slots=True)
class Published:
    """What others were last told, and what was booked on the last booking day."""

    branch: OrganisationId | None = None
    totals: tuple[Total, ...] = ()  # of every open period that the person is in scope of, earliest first
    trues: Mapping[Quarter, int] = field(default_factory=dict)  # own sums of the closed ones, with what came since
    booked_on: date = date.min
    booked: int = 0


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a close published of one quarter, and what of the quarters before it was settled in it."""

    period: Quarter
    own: int
    adjustments: Mapping[Quarter, int] = field(default_factory=dict)
    grade: str | None = None

    @property
    def total(self) -> int:
        return self.own + sum(self.adjustments.values())


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of one person. Its row is the lock; its version counts what was published.

    An account has not seen the periods yet that were opened after its epoch, so their cells are dirty.
    """

    county: CountyId
    person: PersonId
    version: int = 0
    epoch: int = 0
    life: Life = field(default_factory=Life)
    belonging: Belonging = field(default_factory=Belonging)
    published: Published = field(default_factory=Published)
    exemptions: tuple[Exemption, ...] = ()  # in the order of their ids
    absorbed: bool = False  # another entry's facts are here too, so that two of them may tell of one occurrence
    frozen: tuple[Frozen, ...] = ()  # earliest first

    @property
    def standing(self) -> Standing:
        return Standing(self.life, self.exemptions)

    @property
    def worth(self) -> int:
        """All that the person was told to have, so that what is booked day by day adds up to it."""
        return self.worth_with(self.published.totals)

    def worth_with(self, totals: Iterable[Total]) -> int:
        return sum(total.total for total in totals) + sum(frozen.total for frozen in self.frozen)


@dataclass(frozen=True, slots=True)
class Taken:
    before: Account
    account: Account
    facts: tuple[Fact, ...]  # to be kept, each of a higher version than the one that was
    plain: tuple[tuple[Quarter, Fact, Earned | None], ...]  # new ones that move their cell's sums alone, or nothing
    dirty: frozenset[Quarter]  # cells to be rated again from all their facts
    corrected: frozenset[str]  # subjects of which something else was said before, maybe of an entry that ended


def take(
    account: Account, news: Iterable[News], known: Mapping[str, Fact], rules: Rules, *, absorbing: bool = False
) -> Taken:
    """Take in news. `known` holds the facts already kept of the subjects in the news."""
    best, others = dict[str, Fact](), list[Life | Belonging | Exemption]()
    for each in news:
        if not isinstance(each, Fact):
            others.append(each)
        elif each.version > _known_version(best.get(each.subject) or known.get(each.subject)):
            best[each.subject] = each
    after = _heard(account, others) if others else account
    if absorbing or after.epoch != rules.epoch:
        after = replace(after, epoch=rules.epoch, absorbed=account.absorbed or absorbing)
    dirty = _dirty(account, after, rules)
    plain = []
    for fact in best.values():
        period = fact.period
        if fact.subject in known:
            dirty |= _touched(known[fact.subject], fact)
        elif not fact.withdrawn and period in rules.periods:
            earned = _moves(fact, after, rules.books[period])
            if earned is NOT_PLAIN:
                dirty.add(period)
            else:
                plain.append((period, fact, earned))
    if dirty:
        dirty &= rules.periods.keys()
        plain = [each for each in plain if each[0] not in dirty]
    corrected = best.keys() if absorbing else best.keys() & known.keys()
    said = {subject for subject in corrected if subject in known and known[subject].says_the_same_as(best[subject])}
    return Taken(account, after, tuple(best.values()), tuple(plain), frozenset(dirty), frozenset(corrected - said))


def _heard(account: Account, news: Iterable[Life | Belonging | Exemption]) -> Account:
    """Keep the last word on everything that is not a fact."""
    life, belonging, exemptions = account.life, account.belonging, account.exemptions
    for each in news:
        if isinstance(each, Life):
            into = each.merged_into or life.merged_into  # nothing undoes a merge
            life = replace(max(life, each, key=_version), merged_into=into)
        elif isinstance(each, Belonging):
            belonging = max(belonging, each, key=_version)
        else:
            exemptions = _with(exemptions, each)
    return replace(account, life=life, belonging=belonging, exemptions=exemptions)


def _with(exemptions: tuple[Exemption, ...], told: Exemption) -> tuple[Exemption, ...]:
    kept = {each.id: each for each in exemptions}
    kept[told.id] = max(kept.get(told.id, told), told, key=lambda each: each.version)
    return tuple(kept[id_] for id_ in sorted(kept))


def _dirty(before: Account, after: Account, rules: Rules) -> set[Quarter]:
    """Name the cells that what is known of the person makes dirty, and those that were opened meanwhile."""
    if before is not after and _depended_on(before) != _depended_on(after):
        return set(rules.periods)
    if before.epoch == rules.epoch:
        return set()
    return {code for code, (period, _) in rules.periods.items() if period.epoch > before.epoch}


def _depended_on(account: Account) -> tuple[object, ...]:
    """All that points depend on; a house or a rank is not among it."""
    life, exemptions = account.life, [(each.since, each.until) for each in account.exemptions if not each.withdrawn]
    return (
        life.classes, life.absences, life.version > 0, life.merged_into, account.belonging.memberships, exemptions
    )  # fmt: skip


def _touched(old: Fact, new: Fact) -> set[Quarter]:
    """Name the cells that a correction makes dirty."""
    if _repeats(old, new):
        return set()
    return {fact.period for fact in (old, new) if not fact.withdrawn}


def _repeats(old: Fact, new: Fact) -> bool:
    """Tell whether a higher version says nothing new. Who recorded it decides who may confirm what it proposes."""
    return old.says_the_same_as(new) and old.by == new.by


def _moves(fact: Fact, account: Account, book: Book) -> Earned | Literal[Plainness.NOT_PLAIN] | None:
    if account.absorbed:
        return NOT_PLAIN
    return moves_plainly(fact, account.standing, book)


def _version(state: Life | Belonging) -> int:
    return state.version


def _known_version(fact: Fact | None) -> int:
    return fact.version if fact else 0
