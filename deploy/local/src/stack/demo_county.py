"""Loads a county: each part of its pack is posted to the service that it belongs to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from stack.demo_client import Caller
from stack.demo_pace import Pace
from stack.pack import Member, Pack, Row
from stack.pack_book import book

CODE_FIELDS = ("code", "name", "since", "until", "due", "party_life", "successor")
PERSON_FIELDS = ("name", "phone", "address", "kind", "party_member", "rank", "township", "residence")


@dataclass(frozen=True, slots=True)
class County:
    """A pack, where it goes, and the ids under which its words are known there."""

    pack: Pack
    registry: Caller
    scoring: Caller
    deputy: Caller  # at scoring: confirms what the other one proposed
    pace: Pace
    settled: Callable[[], Awaitable[None]]  # waits until nothing is on its way
    organisations: dict[str, str] = field(default_factory=dict)  # the pack's key → id
    people: dict[str, str] = field(default_factory=dict)  # key of people.toml, or a roster's name → id
    activities: dict[str, str] = field(default_factory=dict)  # the step's key → id
    objections: dict[str, str] = field(default_factory=dict)  # the step's key → id
    books: list[str] = field(default_factory=list)


async def load(county: County) -> None:
    """Post everything that is there before the story begins."""
    await _post_lists(county)
    await _found_organisations(county)
    await _take_roster_over(county)
    for person in county.pack.people.values():
        if "registered" not in person:
            await register(county, person)
            await _settle_in(county, person)
    await _adopt(county)


def posts(pack: Pack) -> int:
    """How many POSTs `load` will make, for the progress bar."""
    named = [person for person in pack.people.values() if "registered" not in person]
    alone = len(pack.taxonomies) + len(pack.organisations) + len(("roster", "book"))
    return alone + 2 * len(pack.roster) + sum(3 if "further" in person else 2 for person in named)


async def register(county: County, person: Row) -> None:
    """Enter a named person, with class and capacity confirmed by whoever is signed in."""
    body = {
        **{name: person[name] for name in PERSON_FIELDS if name in person},
        "identity_number": person["identity"],
        "classes": [_confirmed(person["class"], person["class_since"])],
        "capacities": [_confirmed(person["capacity"], person["class_since"])],
    }
    county.people[person["key"]] = await county.registry.post("/people", f"person/{person['key']}", body)
    county.pace.step()


async def join(county: County, person: str, organisation: str, kind: str, since: object) -> None:
    body = {"organisation": county.organisations[organisation], "kind": kind, "since": str(since)}
    path, key = f"/people/{county.people[person]}/memberships", f"join/{person}/{organisation}"
    await county.registry.post(path, key, body)
    county.pace.step()


async def _adopt(county: County) -> None:
    """A draft that the admin wrote; the deputy has read it."""
    draft = await county.scoring.post("/books", "book", book(county.pack))
    await county.deputy.post(f"/books/{draft}/adoption", "book/adoption", {"revision": 1})
    county.books.append(draft)
    county.pace.step()


async def _post_lists(county: County) -> None:
    for name, rows in county.pack.taxonomies.items():
        codes = [{field: _plain(row[field]) for field in CODE_FIELDS if field in row} for row in rows]
        await county.registry.post("/taxonomies", f"list/{name}", {"name": name, "codes": codes})
        county.pace.step()


async def _found_organisations(county: County) -> None:
    """In the pack's order, which names a parent before its children."""
    for key, row in county.pack.organisations.items():
        body = {name: _plain(row[name]) for name in ("kind", "name", "founded_on", "host") if name in row}
        if "parent" in row:
            body["parent"] = county.organisations[row["parent"]]
        county.organisations[key] = await county.registry.post("/organisations", f"organisation/{key}", body)
        county.pace.step()


async def _take_roster_over(county: County) -> None:
    content = county.pack.roster_file.read_bytes()
    await county.registry.post(
        "/rosters", "roster", content=content, headers={"Content-Type": "application/octet-stream"}
    )
    county.pace.step()
    wanted = {member.name for member in county.pack.roster}
    async for person in county.registry.pages("/people"):
        if person["name"] in wanted:
            county.people[person["name"]] = person["id"]
    await county.pace.together(partial(_place, county), county.pack.roster)


async def _place(county: County, member: Member) -> None:
    """What a roster does not say: the class, confirmed by a person, and the home branch."""
    body = _confirmed(member.class_, member.class_since)
    await county.registry.post(f"/people/{county.people[member.name]}/classes", f"class/{member.name}", body)
    county.pace.step()
    await join(county, member.name, member.branch, "home", member.since)


async def _settle_in(county: County, person: Row) -> None:
    await join(county, person["key"], person["home"], "home", person["since"])
    if "further" in person:
        await join(county, person["key"], person["further"], "further", person["further_since"])


def _confirmed(code: str, since: object) -> Mapping[str, str]:
    return {"code": code, "since": str(since)}


def _plain(value: object) -> object:
    """JSON has no days."""
    return value if isinstance(value, str | bool) else str(value)
