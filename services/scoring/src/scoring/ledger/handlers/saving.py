"""Writing back what was decided, and telling of it: one event for every account that changed."""

from collections.abc import Mapping

from scoring.events import Cause
from scoring.ids import CountyId
from scoring.ledger import events
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.merging import Key
from scoring.ledger.domain.settling import Settled
from scoring.periods.domain import Rules
from scoring.work import Work


async def save(
    work: Work,
    before: Mapping[Key, Account],
    settled: Mapping[Key, Settled],
    rules: Mapping[CountyId, Rules],
    causes: Mapping[Key, Cause],
) -> None:
    accounts = [each.account for key, each in settled.items() if each.account != before[key]]
    cells = [(each.account, *kept) for each in settled.values() for kept in each.cells]
    lines = [(county, line) for (county, _), each in settled.items() for line in each.lines]
    await work.ledger.save(accounts, cells, lines, work.now)
    told = [
        events.points_changed(work, each, rules[key[0]], causes[key]) for key, each in settled.items() if each.changed
    ]
    await work.outbox.add(*told)
