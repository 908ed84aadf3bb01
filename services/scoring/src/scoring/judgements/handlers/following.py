"""What recorded facts ask to be taken away: proposed with them, withdrawn with them, also after it was confirmed."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from scoring.events import Cause
from scoring.ids import CountyId, PersonId
from scoring.judgements import domain
from scoring.judgements.domain import About, Judgement, JudgementId, Kind, State, Wanted
from scoring.judgements.handlers import exempting
from scoring.judgements.handlers.exempting import Kept
from scoring.judgements.handlers.telling import Held, Turned, tell
from scoring.ledger.handlers import Changes
from scoring.periods.domain import Rules
from scoring.work import Work


async def follow(work: Work, changes: Changes, rules: Held) -> None:
    """Let the proposals be what the facts ask for that a fold has just looked at. Their accounts are held."""
    goes_on = {(county, subject): person for county, person, subject in changes.looked if _proposes(rules[county])}
    if not goes_on:
        return
    kept = await work.judgements.of_sources(goes_on.keys())
    waiting = await exempting.waiting(work, kept, goes_on, rules)
    changed = list(_changed(_without(kept, waiting), _wanted(changes, rules)))
    await work.judgements.save([(county, after) for county, _, after in changed], work.now)
    lapsed = [(county, domain.lapse(before)) for county, before, _ in changed if before and _counted(before)]
    if lapsed:
        await tell(work, await _turned(work, lapsed, goes_on), rules, Cause(work.correlation))


def _without(kept: Kept, waiting: Collection[tuple[CountyId, JudgementId]]) -> Kept:
    return {
        county: {id_: each for id_, each in of_county.items() if (county, id_) not in waiting}
        for county, of_county in kept.items()
    }


def _changed(
    kept: Kept, wanted: Mapping[CountyId, list[Wanted]]
) -> Iterator[tuple[CountyId, Judgement | None, Judgement]]:
    for county in sorted(kept.keys() | wanted.keys()):
        for before, after in domain.follow(kept.get(county, {}), wanted.get(county, ())):
            yield county, before, after


async def _turned(
    work: Work, lapsed: Sequence[tuple[CountyId, Judgement]], goes_on: Mapping[tuple[CountyId, str], PersonId]
) -> list[Turned]:
    keys = [(county, goes_on[county, judgement.about.source or ""]) for county, judgement in lapsed]
    accounts = await work.ledger.lock(set(keys))
    return [Turned(accounts[key], judgement) for key, (_, judgement) in zip(keys, lapsed, strict=True)]


def _counted(judgement: Judgement) -> bool:
    """Whatever changes about a judgement that counted, it counts no longer."""
    return judgement.state is State.CONFIRMED


def _proposes(rules: Rules) -> bool:
    return any(book.proposing for book in rules.books.values())


def _wanted(changes: Changes, rules: Held) -> Mapping[CountyId, list[Wanted]]:
    wanted: dict[CountyId, list[Wanted]] = defaultdict(list)
    for asked in changes.wanted:
        kind = Kind(rules[asked.county].books[asked.period].item(asked.item).kind)
        about = About(asked.person, kind, asked.item, asked.period, asked.day, source=asked.subject)
        id_ = domain.derived_id(asked.county, asked.subject, asked.item)
        wanted[asked.county].append(Wanted(id_, about, asked.by))
    return wanted
