"""Prints what was published, the course of an objection, and what a draft would change."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console

from stack.demo_notices import Names, Notice, Trial
from stack.pack import points

FEW = 10  # people; a longer notice is only counted
ORIGINS = {"paper": "书面", "phone": "电话", "proxy": "代办", "desk": "窗口", "self": "本人"}
OUTCOMES = {"filed": "待答复", "upheld": "成立", "declined": "不成立"}
VERDICTS = {"gains": "增加", "loses": "减少", "enters": "转为参加积分", "leaves": "不再参加积分"}
SHOWN = 3  # people of a verdict; the others are counted


def show_notices(console: Console, notices: Iterable[Notice], names: Names) -> None:
    """A quarter's notices: the short ones whole, in the county's own order, never by points."""
    notices = list(notices)
    head = notices[0].head
    console.print(
        f"\n[bold]{notices[0].period} 积分公示[/]  {head['published_on']} 张榜，异议期{head['window_days']}个工作日，"
        f"至 {head['objections_until']}，公示版块 {head['board']}"
    )
    long = [notice for notice in notices if len(notice.people) > FEW]
    for notice in (notice for notice in notices if len(notice.people) <= FEW):
        told = "，".join(f"{names[person]} {points(total)}" for person, total in notice.people)
        console.print(f"  {names[notice.branch]}：{told}", soft_wrap=True)
    console.print(f"  另有{len(long)}个支部各自张榜，共{sum(len(notice.people) for notice in long)}人")


def show_objection(console: Console, told: Mapping[str, Any], names: Names) -> None:
    name, period = names[told["person"]], told["period"]
    console.print(f"\n[bold]异议[/]  {name} 对 {period} 公示，{told['filed_on']} {ORIGINS[told['origin']]}提出")
    console.print(f"  所述：{told['statement']}", soft_wrap=True)
    console.print(f"  答复：{OUTCOMES[told['state']]}。{told['reason']}", soft_wrap=True)


def show_trial(console: Console, trial: Trial, names: Names) -> None:
    """Who would gain or lose; counts first, then some of them with the reason."""
    console.print(f"\n[bold]试算[/]  {trial.title}（草案，未采用）用于 {trial.period}")
    for verdict, word in VERDICTS.items():
        concerned = [one for one in trial.people if one["verdict"] == verdict]
        if concerned:
            console.print(f"  {word} {len(concerned)} 人")
        for one in concerned[:SHOWN]:
            reasons = "；".join(
                f"{each['name']} {each['arithmetic_before']} → {each['arithmetic_after']}" for each in one["changes"]
            )
            console.print(f"    {names[one['person']]} {_moved(one)}：{reasons}", soft_wrap=True)


def _moved(one: Mapping[str, Any]) -> str:
    before, after = one["before_tenths"], one["after_tenths"]
    return f"{'—' if before is None else points(before)} → {'—' if after is None else points(after)}"
