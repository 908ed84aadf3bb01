"""Plays a chapter: every step becomes its POSTs, each under a key made from the step's own."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from stack import demo_judging, story
from stack.demo_county import County, join, register
from stack.pack import Chapter, Pack, Row
from stack.story import Entry, Meeting


async def play(county: County, chapter: Chapter) -> None:
    """In the chapter's order; only the meetings of one series go side by side."""
    for step in chapter.steps:
        await STEPS[step["do"]](county, step)


def posts(chapter: Chapter, pack: Pack) -> int:
    """How many POSTs a chapter will take, for the progress bar."""
    return sum(_posts(step, pack) for step in chapter.steps)


def _posts(step: Row, pack: Pack) -> int:
    return 3 * len(story.meetings(step, pack)) if step["do"] in ("meet", "series") else 1


async def _open(county: County, step: Row) -> None:
    body = {"period": step["period"], "book": county.books[-1]}
    await county.scoring.post("/periods", step["key"], body)
    county.pace.step()


async def _meet(county: County, step: Row) -> None:
    await county.pace.together(partial(_hold, county), story.meetings(step, county.pack))


async def _hold(county: County, meeting: Meeting) -> None:
    """Planned, its list entered, closed."""
    activity = await county.registry.post("/activities", f"{meeting.key}/plan", _occasion(county, meeting))
    county.activities[meeting.key] = activity
    county.pace.step()
    await _record(county, activity, f"{meeting.key}/attendance", meeting.entries)
    await county.registry.post(f"/activities/{activity}/closing", f"{meeting.key}/closing")
    county.pace.step()


def _occasion(county: County, meeting: Meeting) -> dict[str, Any]:
    return {
        "kind": meeting.kind,
        "theme": meeting.theme,
        "mode": meeting.mode,
        "hosts": [county.organisations[host] for host in meeting.hosts],
        "place": meeting.place,
        "starts": meeting.starts,
        "ends": meeting.ends,
    }


async def _record(county: County, activity: str, key: str, entries: Iterable[Entry]) -> None:
    body = {"entries": [_line(county, entry) for entry in entries]}
    await county.registry.post(f"/activities/{activity}/attendance", key, body)
    county.pace.step()


def _line(county: County, entry: Entry) -> dict[str, str]:
    """A proxy enters it for the person."""
    person = county.people[entry.person]
    behalf = {"on_behalf_of": person} if entry.by_proxy else {}
    return {"person": person, "outcome": entry.outcome, "origin": entry.origin, **behalf}


async def _enter(county: County, step: Row) -> None:
    await _record(county, county.activities[step["activity"]], step["key"], story.listed(step))


async def _revise(county: County, step: Row) -> None:
    """It changes what is there, so it is no POST and has no key: it is done only if it has not been done yet."""
    starts, ends = story.hours(county.pack.step(step["activity"]), step["day"])
    path = f"/activities/{county.activities[step['activity']]}"
    found, etag = await county.registry.seen(path)
    if datetime.fromisoformat(found["starts"]) != datetime.fromisoformat(starts):
        await county.registry.patch(path, etag, {"starts": starts, "ends": ends})
    county.pace.step()


async def _register(county: County, step: Row) -> None:
    await register(county, county.pack.people[step["person"]])


async def _join(county: County, step: Row) -> None:
    await join(county, step["person"], step["organisation"], "home", step["since"])


async def _transfer(county: County, step: Row) -> None:
    body = {"organisation": county.organisations[step["organisation"]], "on": str(step["since"])}
    await _of_person(county, step, "transfers", body)


async def _leave(county: County, step: Row) -> None:
    organisation = county.organisations[step["organisation"]]
    await _of_person(county, step, f"memberships/{organisation}/ending", {"on": str(step["since"])})


async def _classify(county: County, step: Row) -> None:
    await _of_person(county, step, "classes", {"code": step["class"], "since": str(step["since"])})


async def _move(county: County, step: Row) -> None:
    await _of_person(county, step, "moves", {"on": str(step["on"])})


async def _die(county: County, step: Row) -> None:
    await _of_person(county, step, "death", {"died_on": str(step["on"])})


async def _of_person(county: County, step: Row, what: str, body: dict[str, str]) -> None:
    await county.registry.post(f"/people/{county.people[step['person']]}/{what}", step["key"], body)
    county.pace.step()


STEPS: dict[str, Callable[[County, Row], Awaitable[None]]] = {
    **demo_judging.STEPS,
    "open": _open,
    "meet": _meet,
    "series": _meet,
    "enter": _enter,
    "revise": _revise,
    "register": _register,
    "join": _join,
    "transfer": _transfer,
    "leave": _leave,
    "classify": _classify,
    "move": _move,
    "die": _die,
}
