"""Deciding on a judgement, and taking it back. Only what counted is told of."""

from dataclasses import replace

from scoring.judgements.domain.judgement import COURSE, Act, Judgement, State
from scoring.judgements.domain.refusals import NotThatWay, OwnProposal, ReasonMissing


def confirm(judgement: Judgement, by: str) -> Judgement:
    """Let it count. Raises NotThatWay, OwnProposal."""
    state = _after(judgement, Act.CONFIRM)
    _by_another(judgement, by, Act.CONFIRM)
    return replace(judgement, state=state, decided_by=by, told=judgement.told + 1)


def refuse(judgement: Judgement, by: str, reason: str | None) -> Judgement:
    """Decide that it shall not count. Raises NotThatWay."""
    return replace(judgement, state=_after(judgement, Act.REFUSE), decided_by=by, reason=reason)


def withdraw(judgement: Judgement, by: str, reason: str | None) -> Judgement:
    """Take it back as a mistake, for good: what counted, by somebody else, who says why.

    Raises NotThatWay, OwnProposal, ReasonMissing.
    """
    after = replace(judgement, state=_after(judgement, Act.WITHDRAW), withdrawn_by=by, reason=reason)
    if judgement.state is State.CONFIRMED:
        _by_another(judgement, by, Act.WITHDRAW)
        if reason is None:
            raise ReasonMissing(judgement.about.kind)
    return _taken_back(judgement, after)


def lapse(judgement: Judgement) -> Judgement:
    """Take it back because what it rested on is gone; it may come back with it."""
    return _taken_back(judgement, replace(judgement, state=_after(judgement, Act.LAPSE)))


def propose_again(judgement: Judgement, by: str) -> Judgement:
    """Propose anew what had lapsed: somebody has to decide again."""
    state = _after(judgement, Act.RETURN)
    return recorded(replace(judgement, state=state, decided_by=None, reason=None), by, anew=True)


def recorded(judgement: Judgement, by: str, *, anew: bool) -> Judgement:
    """Keep who recorded what proposes it; `anew`: it says something else now, and that is their proposal."""
    if by in judgement.makers and not anew:
        return judgement
    first = by if anew else judgement.proposed_by
    return replace(judgement, proposed_by=first, recorders=(judgement.makers | {by}) - {first})


def _by_another(judgement: Judgement, by: str, act: Act) -> None:
    if by in judgement.makers:
        raise OwnProposal(judgement.about.kind, judgement.about.source is not None, act)


def _taken_back(before: Judgement, after: Judgement) -> Judgement:
    return replace(after, told=before.told + (before.state is State.CONFIRMED))


def _after(judgement: Judgement, act: Act) -> State:
    state = COURSE.get((judgement.state, act))
    if state is None:
        raise NotThatWay(judgement.about.kind, judgement.state, act)
    return state
