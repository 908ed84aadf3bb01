"""A trial in words: who would gain or lose and why, with the arithmetic of both books. Ids, no names."""

from collections.abc import Iterator

from scoring.ledger.domain.arithmetic import figure, signed
from scoring.periods.domain import State
from scoring.whatif.domain.comparing import Change, Outcome, Tally, Trial, Verdict

WORDS = {
    Verdict.GAINS: "增加",
    Verdict.LOSES: "减少",
    Verdict.SAME: "不变",
    Verdict.ENTERS: "改为参加",
    Verdict.LEAVES: "不再参加",
    Verdict.OUTSIDE: "都不参加",
}


def heading(trial: Trial) -> str:
    tried, now = trial.book, trial.in_force
    return (
        f"{trial.period} 试算：“{tried.title}”（{tried.word}第{tried.version}版）"
        f"对照现行“{now.title}”（{now.word}第{now.version}版）。{_of_closed(trial)}只作比较，不改动任何积分。"
    )


def _of_closed(trial: Trial) -> str:
    if trial.rules.periods[trial.period][0].state is State.OPEN:
        return ""
    return f"{trial.period}已经结账，箭头前是现行办法下此刻应有的分数，不是已公布的分数。"


def lines(outcome: Outcome) -> Iterator[str]:
    """Tell of one person; nothing of whom nothing changes."""
    if outcome.verdict in {Verdict.SAME, Verdict.OUTSIDE} and not outcome.changes:
        return
    yield f"{outcome.person}  {_points(outcome.before)} → {_points(outcome.after)}{_gain(outcome)}"
    for change in outcome.changes:
        yield f"    {change.name}：{_why(change.arithmetic_before, change.before)} → {_after(change)}"
    if outcome.arithmetic_before and outcome.arithmetic_after:
        yield f"    合计：{outcome.arithmetic_before} → {outcome.arithmetic_after}"


def summary(tally: Tally) -> Iterator[str]:
    """All of them together."""
    counts = "，".join(f"{word}{tally.verdicts[verdict]}人" for verdict, word in WORDS.items())
    yield f"共{tally.verdicts.total()}人：{counts}。"
    yield f"全县合计：{figure(tally.before)} → {figure(tally.after)}（{signed(tally.after - tally.before)}）。"


def _points(total: int | None) -> str:
    return "不参加" if total is None else figure(total)


def _gain(outcome: Outcome) -> str:
    if outcome.before is None or outcome.after is None:
        return f"（{WORDS[outcome.verdict]}）"
    return f"（{signed(outcome.after - outcome.before)}）"


def _after(change: Change) -> str:
    return _why(change.arithmetic_after, change.after)


def _why(arithmetic: str, points: int) -> str:
    return arithmetic or figure(points)
