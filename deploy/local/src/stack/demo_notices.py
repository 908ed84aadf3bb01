"""Reads back what was published, objected to and tried: the names are registry's, joined here and nowhere else."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stack.demo_county import County
from stack.pack import Pack, tenths
from stack.pack_book import draft

Names = Mapping[str, str]  # by id


@dataclass(frozen=True, slots=True)
class Notice:
    """One branch's notice of one quarter, its people in the county's own order."""

    period: str
    branch: str  # the organisation's id
    head: Mapping[str, Any]
    people: list[tuple[str, int]]  # (person's id, tenths)

    @property
    def total(self) -> int:
        return sum(points for _, points in self.people)


@dataclass(frozen=True, slots=True)
class Trial:
    """Who would gain or lose by the draft, and why."""

    title: str
    period: str
    people: list[Mapping[str, Any]]


async def notices(county: County, period: str) -> list[Notice]:
    found = []
    async for head in county.scoring.pages("/notices", period=period):
        if head["state"] == "published":
            told = await county.scoring.get(f"/notices/{head['id']}")
            people = [(one["person"], one["total_tenths"]) for one in told["people"]]
            found.append(Notice(period, head["branch"], head, people))
    return found


async def objection(county: County, key: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = await county.scoring.get(f"/objections/{county.objections[key]}")
    return found


async def trial(county: County) -> Trial | None:
    """Keep the pack's draft, which nobody adopts, and ask what it would have made of a quarter."""
    if not county.pack.what_if:
        return None
    book, period = draft(county.pack), str(county.pack.what_if["period"])
    kept = await county.scoring.post("/books", "draft", book)
    people = [one async for one in county.scoring.pages(f"/books/{kept}/preview", period=period)]
    return Trial(f"{book['title']}第{book['version']}版", period, people)


def tried(pack: Pack, trial: Trial, people: Names) -> list[str]:
    """One sentence for each figure of the trial that the pack's author worked out otherwise."""
    wanted = pack.expected["what_if"]
    verdicts = Counter(one["verdict"] for one in trial.people)
    moved = {one["person"]: one["after_tenths"] - one["before_tenths"] for one in trial.people if one["changes"]}
    found = {"gain": verdicts["gains"], "lose": verdicts["loses"]}
    found |= {key: moved.get(people[key], 0) for key in wanted if key in people}
    expected = {key: tenths(value) if key in people else value for key, value in wanted.items()}
    return [
        f"what if: {key}: expected {expected[key]}, got {found[key]}" for key in wanted if found[key] != expected[key]
    ]
