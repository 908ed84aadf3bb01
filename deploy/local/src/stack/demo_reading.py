"""Reads a county's figures back over HTTP: points from scoring, names from registry, joined here and nowhere else."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stack.demo_client import Caller
from stack.demo_county import County
from stack.demo_lag import StillBehind
from stack.figures import Figures, periods
from stack.figures_shown import Explained

PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Reading:
    figures: Figures
    branch_names: Mapping[str, str]  # by the pack's key, in the county's order
    explained: list[Explained]
    contradictions: list[str]  # where a running total is not what its explanation adds up to


async def opened(scoring: Caller) -> None:
    """Wait until every opened period has reached everybody in it. Raises StillBehind."""
    deadline = time.monotonic() + PATIENCE_S
    while pending := {one["period"]: one["pending"] async for one in scoring.pages("/periods") if one["pending"]}:
        if time.monotonic() > deadline:
            raise StillBehind(f"accounts that an opening has not reached after {PATIENCE_S:.0f} s: {pending}")
        await asyncio.sleep(0.2)


async def read(county: County) -> Reading:
    """Everything that the pack expects a figure of, and every branch."""
    named = {one["id"]: one["name"] async for one in county.registry.pages("/people")}
    branches = {one["id"]: one["name"] async for one in county.registry.pages("/organisations", kind="branch")}
    keys = [key for key, row in county.pack.organisations.items() if row["kind"] == "branch"]
    reading = Reading(Figures(), {key: branches[county.organisations[key]] for key in keys}, [], [])
    for period, day in periods(county.pack).items():
        found = {
            one["organisation"]: one async for one in county.scoring.pages("/branches", period=period, as_of=str(day))
        }
        for key in keys:
            one = found[county.organisations[key]]
            reading.figures.branches[key, period] = {"members": one["people"], "total": one["total_tenths"]}
    for key in county.pack.people:
        running = await county.scoring.get(f"/people/{county.people[key]}/total")
        totals = {total["period"]: _sheet(total, total["aspects"]) for total in running["totals"]}
        for period in periods(county.pack):
            why = await county.scoring.get(f"/people/{county.people[key]}/explanation", period=period)
            sheet = _sheet(why, {aspect["aspect"]: aspect["points_tenths"] for aspect in why["aspects"]})
            reading.figures.people[key, period] = sheet
            reading.explained.append(Explained(named[why["person"]], period, why["arithmetic"], why["aspects"]))
            if totals.get(period, sheet) != sheet:
                reading.contradictions.append(
                    f"{named[why['person']]} {period}: the running total {totals[period]} is explained as {sheet}"
                )
    return reading


def _sheet(told: Mapping[str, Any], aspects: Mapping[str, int]) -> dict[str, int]:
    return {"base": told["base_tenths"], **aspects, "total": told["total_tenths"]}
