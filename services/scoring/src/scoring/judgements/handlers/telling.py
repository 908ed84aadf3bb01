"""What became of a judgement reaches the ledger and the world together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scoring.events import Cause
from scoring.ids import CountyId
from scoring.judgements import events
from scoring.judgements.domain import Judgement, fact_of
from scoring.judgements.events import Telling
from scoring.ledger import handlers as ledger
from scoring.ledger.domain.accounts import Account
from scoring.ledger.handlers import Changes, Told
from scoring.periods.domain import Rules
from scoring.work import Work

Held = Mapping[CountyId, Rules]


@dataclass(frozen=True, slots=True)
class Turned:
    """A judgement that has just begun or ceased to count, and the account that it counts for."""

    account: Account
    judgement: Judgement


async def tell(work: Work, turned: Sequence[Turned], rules: Held, cause: Cause) -> Changes:
    """Publish them, and fold them as facts of the entries that go on, whose accounts are held.

    An account may learn of an opening on the way; what its facts propose then is in the answer.
    """
    await work.outbox.add(*(events.told(work, cause, _telling(work, each, rules)) for each in turned))
    facts = [(each.account.county, replace(fact_of(each.judgement), person=each.account.person)) for each in turned]
    return await ledger.fold(work, [Told(county, fact.person, cause, fact) for county, fact in facts], rules)


def _telling(work: Work, turned: Turned, rules: Held) -> Telling:
    """The home branch of today tells the person, for it has to be told now; None: the bureau does."""
    account, about = turned.account, turned.judgement.about
    value = rules[account.county].books[about.period].item(about.item).value
    return Telling(account.county, turned.judgement, value, account.belonging.home_on(work.today))
