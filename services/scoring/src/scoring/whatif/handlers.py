"""Trying a book on a past quarter. It reads what the ledger keeps and changes nothing."""

from collections.abc import AsyncIterator, Sequence

from scoring.ids import CountyId, PersonId, Quarter
from scoring.ledger.domain.merging import Key
from scoring.ledger.domain.worth import published_own
from scoring.periods.domain import PeriodNotFound
from scoring.rulebooks.domain import Book, BookNotFound, recall
from scoring.whatif import repository
from scoring.whatif.domain import Kept, Outcome, Trial, compare
from scoring.work import Work

CHUNK = 1000
FIRST = PersonId("")


class CountyNotFound(Exception):
    def __init__(self, word: str) -> None:
        super().__init__(f"积分系统里没有代号为“{word}”的县。")


async def county_named(work: Work, word: str) -> CountyId:
    """Find a county by its word. Raises CountyNotFound."""
    county = await repository.county_named(work, word)
    if county is None:
        raise CountyNotFound(word)
    return county


async def size(work: Work, county: CountyId) -> int:
    """How many people there are to compare."""
    return await repository.count(work, county)


async def book_of(work: Work, county: CountyId, book: str) -> Book:
    """A book of the county, draft or adopted. Raises BookNotFound."""
    document = await repository.document(work, county, book)
    if document is None:
        raise BookNotFound(book)
    return recall(document)


async def trial_of(work: Work, county: CountyId, period: str, book: Book) -> Trial:
    """Set a book against the one that rules an opened quarter. Raises PeriodNotFound."""
    rules = await work.periods.rules(county)
    code = Quarter(period)
    if code not in rules.periods:
        raise PeriodNotFound(period)
    return Trial(code, book, rules)


async def outcomes(
    work: Work, county: CountyId, trial: Trial, *, after: PersonId = FIRST, most: int = CHUNK
) -> list[Outcome]:
    """Compare so many people, in the order of their ids. Shorter than asked for: these were the last ones."""
    people = await repository.people_after(work, county, after, most)
    return [compare(kept, trial) for kept in await _kept(work, [(county, person) for person in people], trial)]


async def everybody(work: Work, county: CountyId, trial: Trial) -> AsyncIterator[Sequence[Outcome]]:
    """Compare the whole county, a chunk of people at a time."""
    after = FIRST
    while chunk := await outcomes(work, county, trial, after=after):
        yield chunk
        after = chunk[-1].person


async def _kept(work: Work, keys: Sequence[Key], trial: Trial) -> list[Kept]:
    accounts = await work.ledger.accounts(keys)
    cells = await work.ledger.cells(keys)
    facts = await work.ledger.facts([(*key, trial.period) for key in keys])
    return [
        Kept(
            key[1],
            accounts[key].standing,
            accounts[key].belonging,
            cells.get(key, {}),
            list(facts.get(key, {}).values()),
            published_own(accounts[key], trial.rules),
        )
        for key in keys
    ]
