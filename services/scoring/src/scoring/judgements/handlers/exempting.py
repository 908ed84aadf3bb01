"""What exempt days do to judgements: what was proposed lapses and comes back, what was confirmed waits uncounted."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from scoring.ids import CountyId, PersonId
from scoring.judgements import domain
from scoring.judgements.domain import Judgement, JudgementId, State
from scoring.judgements.handlers.telling import Held
from scoring.ledger.domain import rating
from scoring.ledger.domain.accounts import Account
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import scope_of
from scoring.work import Work

Key = tuple[CountyId, PersonId]
Kept = Mapping[CountyId, Mapping[JudgementId, Judgement]]


async def follow_exemptions(work: Work, person: PersonId) -> None:
    """Let what people proposed follow the exempt days of the account, which is held; what facts proposed does so."""
    account = (await work.ledger.lock([(work.county, person)]))[work.county, person]
    kept = await work.judgements.by_hand(work.county, await work.judgements.alike(work.county, person))
    changed = domain.follow_days(kept, account.standing.exempt_on)
    await work.judgements.save([(work.county, each) for each in changed], work.now)


async def waiting(
    work: Work, kept: Kept, goes_on: Mapping[tuple[CountyId, str], PersonId], rules: Held
) -> Collection[tuple[CountyId, JudgementId]]:
    """Name what was confirmed and is asked for no longer only because its day is exempt: it stays as it is."""
    of: dict[Key, list[Judgement]] = {}
    for county, judgement in _confirmed(kept):
        of.setdefault((county, goes_on[county, judgement.about.source or ""]), []).append(judgement)
    accounts = await work.ledger.lock(of.keys()) if of else {}
    exempt = [
        (key, judgement)
        for key, each in of.items()
        for judgement in each
        if accounts[key].standing.exempt_on(judgement.about.day)
    ]
    facts = await work.ledger.facts({(*key, judgement.about.period) for key, judgement in exempt})
    return {
        (key[0], judgement.id)
        for key, judgement in exempt
        if _asked_but_for_exemptions(judgement, accounts[key], facts.get(key, {}).values(), rules)
    }


def _confirmed(kept: Kept) -> Iterator[tuple[CountyId, Judgement]]:
    for county, judgements in kept.items():
        for judgement in judgements.values():
            if judgement.state is State.CONFIRMED:
                yield county, judgement


def _asked_but_for_exemptions(judgement: Judgement, account: Account, facts: Iterable[Fact], rules: Held) -> bool:
    about, standing = judgement.about, replace(account.standing, exemptions=())
    period, book = rules[account.county].periods[about.period]
    if scope_of(standing, account.belonging, period, book.base.keys()).since is None:
        return False
    of_period = [fact for fact in facts if period.starts_on <= fact.day <= period.ends_on]
    asked = rating.proposals(of_period, standing, book)
    return (about.source, about.item, about.day) in asked
