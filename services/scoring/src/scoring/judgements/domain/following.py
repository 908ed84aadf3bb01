"""What recorded facts propose to take away, and what becomes of it when they no longer do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from scoring.judgements.domain.course import lapse, propose_again, recorded
from scoring.judgements.domain.judgement import About, Judgement, JudgementId, State


@dataclass(frozen=True, slots=True)
class Wanted:
    """A fact asks for this."""

    id: JudgementId
    about: About
    by: str  # who recorded the fact


def derived_id(county: str, source: str, item: str) -> JudgementId:
    """Always the same for one fact and item, however often it is told: the fact's time, and a hash of the rest."""
    drawn = sha256(f"{county}\n{source}\n{item}".encode()).hexdigest()
    variant = "89ab"[int(drawn[3], 16) % 4]
    return JudgementId(f"{source[:13]}-7{drawn[:3]}-{variant}{drawn[4:7]}-{drawn[7:19]}")


def follow(
    kept: Mapping[JudgementId, Judgement], wanted: Iterable[Wanted]
) -> Iterator[tuple[Judgement | None, Judgement]]:
    """Compare what is kept of the facts that were looked at with what they ask for now.

    Yields what changes, before and after. What people refused or withdrew stays as they left it.
    """
    asked = {each.id: each for each in wanted}
    for id_, judgement in sorted(kept.items()):
        if id_ not in asked and judgement.live:
            yield judgement, lapse(judgement)
    for id_, each in sorted(asked.items()):
        before = kept.get(id_)
        after = Judgement(id_, each.about, each.by) if before is None else _again(before, each)
        if after != before:
            yield before, after


def follow_days(kept: Iterable[Judgement], exempt_on: Callable[[date], bool]) -> Iterator[Judgement]:
    """Let what people proposed lapse for exempt days, and come back when they are exempt no longer; yields changes."""
    for judgement in kept:
        exempt = exempt_on(judgement.about.day)
        if exempt and judgement.state is State.PROPOSED:
            yield lapse(judgement)
        elif not exempt and judgement.lapsed:
            yield propose_again(judgement, judgement.proposed_by)


def _again(before: Judgement, wanted: Wanted) -> Judgement:
    """A proposal moves with its fact; what was confirmed for another day has to be decided anew.

    Whoever recorded the fact while it was proposed, first, last or in between, has put their name to it: none of them
    confirms it, also who saved the same again. It stays the proposal of the first one until it says something else.
    Saving again what is confirmed changes nothing, or else a confirmation could be undone by its own clerk.
    """
    about = replace(wanted.about, person=before.about.person)
    if before.state is State.PROPOSED:
        return replace(recorded(before, wanted.by, anew=before.about != about), about=about)
    if before.state is State.CONFIRMED and before.about != about:
        return replace(propose_again(lapse(before), wanted.by), about=about)
    if before.lapsed:
        return replace(propose_again(before, wanted.by), about=about)
    return before
