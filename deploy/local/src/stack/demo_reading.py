"""Reads a county's figures back over HTTP: points from scoring, names from registry, joined here and nowhere else."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stack import demo_notices
from stack.demo_client import Caller
from stack.demo_county import County
from stack.demo_lag import StillBehind
from stack.demo_notices import Notice, Trial
from stack.figures import PUBLISHED, Figures, expected, periods
from stack.figures_shown import Explained

PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Reading:
    figures: Figures
    branch_names: Mapping[str, str]  # by the pack's key, in the county's order
    names: Mapping[str, str]  # people's and branches', by id
    explained: list[Explained]
    notices: dict[str, list[Notice]]  # by quarter
    objections: list[Mapping[str, Any]]
    trial: Trial | None
    contradictions: list[str]  # where a running total is not what its explanation adds up to


async def opened(scoring: Caller) -> None:
    """Wait until every opened period has reached everybody in it. Raises StillBehind."""
    deadline = time.monotonic() + PATIENCE_S
    while pending := {one["period"]: one["pending"] async for one in scoring.pages("/periods") if one["pending"]}:
        if time.monotonic() > deadline:
            raise StillBehind(f"accounts that an opening has not reached after {PATIENCE_S:.0f} s: {pending}")
        await asyncio.sleep(0.2)


async def read(county: County) -> Reading:
    """Everything that the pack expects a figure of, every branch, and what was published."""
    named = {one["id"]: one["name"] async for one in county.registry.pages("/people")}
    branches = {one["id"]: one["name"] async for one in county.registry.pages("/organisations", kind="branch")}
    keys = [key for key, row in county.pack.organisations.items() if row["kind"] == "branch"]
    names = {key: branches[county.organisations[key]] for key in keys}
    notices = {period: await demo_notices.notices(county, period) for period in periods(county.pack)}
    objections = [await demo_notices.objection(county, key) for key in county.objections]
    trial = await demo_notices.trial(county)
    reading = Reading(Figures(), names, {**named, **branches}, [], notices, objections, trial, [])
    for period, day in periods(county.pack).items():
        await _branches(county, reading, period, str(day))
    for key in county.pack.people:
        await _person(county, reading, key)
    return reading


async def _branches(county: County, reading: Reading, period: str, day: str) -> None:
    found = {one["organisation"]: one async for one in county.scoring.pages("/branches", period=period, as_of=day)}
    noticed = {notice.branch: notice.total for notice in reading.notices[period]}
    for key, name in reading.branch_names.items():
        one = found[county.organisations[key]]
        reading.figures.branches[key, period] = {"members": one["people"], "total": one["total_tenths"]}
        if noticed.get(one["organisation"], one["total_tenths"]) != one["total_tenths"]:
            told = noticed[one["organisation"]]
            reading.contradictions.append(f"{name} {period}: the notice adds up to {told}, not {one['total_tenths']}")


async def _person(county: County, reading: Reading, key: str) -> None:
    """A quarter's worth and its reasons, beside what was published for it."""
    person = county.people[key]
    running = await county.scoring.get(f"/people/{person}/total")
    closed = {one["period"]: one for one in running["closed"]}
    for period in (period for period in periods(county.pack) if (key, period) in expected(county.pack).people):
        why = await county.scoring.get(f"/people/{person}/explanation", period=period)
        sheet = _sheet(why, {aspect["aspect"]: aspect["points_tenths"] for aspect in why["aspects"]})
        told = closed.get(period)
        sheet["total"] -= sum(why["adjustments"].values())
        if told and told["published_tenths"] is not None:
            sheet[PUBLISHED] = told["published_tenths"] + sum(told["adjustments"].values())
        reading.figures.people[key, period] = sheet
        name = reading.names[person]
        reading.explained.append(Explained(name, period, why["arithmetic"], why["aspects"]))
        if told and told["true_tenths"] != sheet["total"]:
            reading.contradictions.append(
                f"{name} {period}: the account says {told['true_tenths']}, which is explained as {sheet['total']}"
            )


def _sheet(told: Mapping[str, Any], aspects: Mapping[str, int]) -> dict[str, int]:
    return {"base": told["base_tenths"], **aspects, "total": told["total_tenths"]}
