"""A person's points as they can be compared, wherever they were taken from: the topics or the tables."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from scoring.ids import BookId, PersonId, Quarter
from scoring.ledger.domain.accounts import Account, Frozen
from scoring.ledger.domain.cells import Cell, Earned, Total
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Exemption, Life


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell with its total, and beside it what a close published of it. Out of scope it should have nothing at all."""

    book: BookId
    sums: Mapping[str, Mapping[str, int]]
    vetoes: int
    months: tuple[str, ...]
    total: Total | None
    published: int | None = None

    @property
    def empty(self) -> bool:
        return self.total is None and not self.sums and not self.vetoes


@dataclass(frozen=True, slots=True)
class History:
    """The dated history as it is kept."""

    life: Life
    belonging: Belonging
    exemptions: tuple[Exemption, ...]
    absorbed: bool


Section = Mapping[Any, object]


@dataclass(slots=True)
class Picture:
    history: dict[str, History] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    cells: dict[Quarter, CellRow] = field(default_factory=dict)
    lines: Counter[tuple[Quarter, BookId, Earned]] = field(default_factory=Counter)
    totals: dict[Quarter, object] = field(
        default_factory=dict
    )  # of an open quarter the total, of a closed one what is true
    frozen: dict[Quarter, Frozen] = field(default_factory=dict)

    def sections(self) -> Iterator[tuple[str, Section]]:
        yield "history", self.history
        yield "fact", self.facts
        yield "cell", self.cells
        yield "line", self.lines
        yield "total", self.totals
        yield "frozen", self.frozen

    def see_account(self, account: Account, *, ended: bool) -> None:
        """Note what is in the account's own row. Of an entry that ended only its own history is certain."""
        exemptions, absorbed = ((), False) if ended else (account.exemptions, account.absorbed)
        self.history[""] = History(account.life, account.belonging, exemptions, absorbed)
        self.totals = {each.period: each for each in account.published.totals} | dict(account.published.trues)
        self.frozen = {each.period: each for each in account.frozen}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same on both sides: what, whose, which, and how it differs. Ids and figures only."""

    what: str
    person: PersonId
    which: str
    how: str


def differences(person: PersonId, topics: Picture, tables: Picture) -> Iterator[Difference]:
    for (what, told), (_, kept) in zip(topics.sections(), tables.sections(), strict=True):
        for key in dict.fromkeys((*told, *kept)):
            if told.get(key) != kept.get(key):
                yield Difference(what, person, _key(key), _how(told.get(key), kept.get(key)))


def _how(told: object, kept: object) -> str:
    """Say in which fields both differ, the topics' side first."""
    if told is None or kept is None:
        return f"{_shown(told)} by the topics, {_shown(kept)} in the tables"
    pairs = [(name, ours, theirs) for name, ours, theirs in _fields(told, kept) if ours != theirs]
    return "; ".join(f"{name} {_shown(a)} by the topics, {_shown(b)} in the tables" for name, a, b in pairs)


def _fields(told: object, kept: object) -> Iterator[tuple[str, object, object]]:
    """Take two of a kind apart, down to what is no dataclass."""
    if not is_dataclass(told) or type(told) is not type(kept):
        yield "", told, kept
        return
    for each in fields(told):
        for name, ours, theirs in _fields(getattr(told, each.name), getattr(kept, each.name)):
            yield f"{each.name}.{name}".strip("."), ours, theirs


def _key(key: object) -> str:
    if isinstance(key, tuple):
        period, _, earned = key
        return f"{period} {earned.item} {earned.month} {earned.fact or ''}".rstrip()
    return str(key)


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)


def cell_row(cell: Cell, total: Total | None, published: int | None) -> CellRow:
    return CellRow(cell.book, cell.sums, cell.vetoes, cell.months, total if cell.in_scope else None, published)
