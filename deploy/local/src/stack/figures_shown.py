"""Prints a story's figures: every branch's totals, and the named people's with the reasons for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from stack.figures import COUNTED, Figures
from stack.pack import points


@dataclass(frozen=True, slots=True)
class Explained:
    """One named person's quarter as scoring explains it; the names are the book's."""

    name: str  # the person's, out of registry
    period: str
    arithmetic: str
    aspects: Sequence[Mapping[str, Any]]


def show_branches(console: Console, names: Mapping[str, str], found: Figures, periods: Iterable[str]) -> None:
    """In the county's own order, never by points."""
    periods = tuple(periods)
    table = Table(title="各支部积分（按季末成员计）", title_justify="left", box=None, header_style="bold")
    table.add_column("支部", no_wrap=True)
    for period in periods:
        table.add_column("人数", justify="right")
        table.add_column(period, justify="right")
    for key, name in names.items():
        sheets = [found.branches[key, period] for period in periods]
        cells = [text for sheet in sheets for text in (str(sheet[COUNTED]), points(sheet["total"]))]
        table.add_row(name, *cells)
    console.print(table)


def show_people(console: Console, explained: Iterable[Explained]) -> None:
    before = None
    for each in explained:
        if each.name != before:
            console.print(f"\n[bold]{each.name}[/]")
            before = each.name
        console.print(f"  {each.period}  {each.arithmetic}")
        for aspect in each.aspects:
            reasons = "；".join(f"{item['name']} {_item(item)}" for item in aspect["items"])
            if reasons:
                console.print(f"          [dim]{aspect['name']} {aspect['arithmetic']}：{reasons}[/]")


def _item(item: Mapping[str, Any]) -> str:
    """The item's own sum; where a cap is a month's, the months that lead to it."""
    if "×" in item["arithmetic"]:
        return str(item["arithmetic"])
    months = "，".join(f"{month['month'][-2:]}月 {month['arithmetic']}" for month in item["months"])
    return months if len(item["months"]) == 1 else f"{months}，合计 {item['arithmetic']}"
