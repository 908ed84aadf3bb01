"""What a close and a re-opening do to the accounts. The county is held, so that no batch comes between."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace

from scoring.events import Cause
from scoring.ids import PersonId, Quarter
from scoring.ledger.domain import freezing
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.cells import Cell
from scoring.ledger.domain.freezing import Turn
from scoring.ledger.domain.settling import Settled
from scoring.ledger.handlers.saving import save
from scoring.periods.domain import Rules, State
from scoring.work import Work

CHUNK = 1000
Step = Callable[[Account, Turn, Mapping[Quarter, Cell]], Settled]


@dataclass(frozen=True, slots=True)
class Figures:
    """For how many people the close published, and how much for all of them together."""

    people: int
    total_tenths: int


async def freeze(work: Work, period: Quarter, cause: Cause | None = None) -> Figures:
    """Publish the quarter for everybody in scope of it. The caller holds the county; no account is left behind."""
    people = total = 0
    async for settled in _everybody(work, period, State.CLOSED, freezing.freeze, cause):
        frozen = next((each for each in settled.account.frozen if each.period == period), None)
        people, total = (people + 1, total + frozen.total) if frozen else (people, total)
    return Figures(people, total)


async def thaw(work: Work, period: Quarter, cause: Cause | None = None) -> None:
    """Take back what the quarter's close published. The caller holds the county."""
    async for _ in _everybody(work, period, State.OPEN, freezing.thaw, cause):
        pass


async def _everybody(
    work: Work, period: Quarter, state: State, step: Step, cause: Cause | None
) -> AsyncIterator[Settled]:
    rules = _with(await work.periods.rules(work.county), period, state)
    turn = Turn(period, rules, work.today)
    causes, after = cause or Cause(work.correlation), PersonId("")
    while people := await work.ledger.people_after(work.county, after, CHUNK):
        keys, after = [(work.county, person) for person in people], people[-1]
        accounts = await work.ledger.lock(keys)
        cells = await work.ledger.cells(keys)
        settled = {key: step(accounts[key], turn, cells.get(key, {})) for key in keys}
        await save(work, accounts, settled, {work.county: rules}, dict.fromkeys(keys, causes))
        for each in settled.values():
            yield each


def _with(rules: Rules, period: Quarter, state: State) -> Rules:
    """Say what the rules are after this step, whether or not it is kept already."""
    opened, book = rules.periods[period]
    return Rules(rules.epoch, {**rules.periods, period: (replace(opened, state=state), book)})
