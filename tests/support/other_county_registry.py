"""A county in registry's books, filled through its API: one of everything, each text one of the given particulars."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from registry.taxonomies.domain import ListName
from support.canaries import Invented
from support.front import Client

SINCE = "2015-01-01"
HEAD = "姓名,身份证号,电话,人员类别,住址"


class House(Protocol):
    """Registry's API, in this process or in one of its own."""

    @property
    def operator(self) -> Client: ...

    def signed_in(self, token: str | None) -> Client: ...


def lists(like: Invented) -> Mapping[str, list[dict[str, Any]]]:
    """A list of each kind; its code is the county's own."""
    kinds = {"due": "all", "party_life": True}
    return {
        name: [
            {
                "code": township(like) if name is ListName.TOWNSHIP else code(like),
                "name": like.name(order),
                **(kinds if name is ListName.ACTIVITY_KIND else {}),
            }
        ]
        for order, name in enumerate(ListName)
    }


def code(like: Invented) -> str:
    return f"{like.public}-code"


def township(like: Invented) -> str:
    return like.born[:6]


def password(like: Invented) -> str:
    return f"{like.word}-password-22"


def person(like: Invented, order: int, **fields: Any) -> dict[str, Any]:
    told = {"name": like.name(order), "phone": like.phone(order), "address": like.address(order)}
    return {"identity_number": like.identity(order), "kind": "tuixiu", "party_member": True, **told, **fields}


def roster(like: Invented, order: int, *, identity: str | None = None) -> bytes:
    row = (like.name(order), identity or like.identity(order), like.phone(order), "退休", like.address(order))
    return f"{HEAD}\n{','.join(row)}\n".encode()


def occasion(like: Invented, *hosts: str, day: str = "2022-03-15") -> dict[str, Any]:
    codes = {"kind": code(like), "theme": code(like), "place": code(like)}
    return {**codes, "hosts": list(hosts), "starts": f"{day}T01:00:00Z", "ends": f"{day}T03:00:00Z"}


def user(like: Invented, order: int, role: str, **more: Any) -> dict[str, Any]:
    return {
        "login": like.login(order),
        "name": like.name(order),
        "role": role,
        "password": f"{like.word}-first-1",
        **more,
    }


async def settle(house: House, like: Invented) -> dict[str, str]:
    """Fill a county of its own; the ids that the cases name."""
    county, admin = await _established(house, like)
    bare = await _county(house, f"{like.public}-bare")  # has no admin yet
    settled = _Settler(house.signed_in(await _token(house, like)), like)
    places = await settled.organisations()
    people = await settled.people(places)
    activities = await settled.activities(places["organisation"], people)
    others = await settled.others(places["organisation"], people)
    texts = {"word": like.public, "login": like.login(0), "password": password(like), "code": code(like)}
    numbers = {"identity": like.identity(0), "phone": like.phone(0), "name": like.name(0), "field": "identity"}
    first = {"county": county, "admin": admin, "bare": bare}
    return {**first, **places, **people, **activities, **others, **texts, **numbers}


async def _established(house: House, like: Invented) -> tuple[str, str]:
    county = await _county(house, like.public)
    admin = {"login": like.login(0), "name": like.name(0), "password": f"{like.word}-first-1"}
    return county, await house.operator.made(f"/counties/{county}/admins", admin)


async def _county(house: House, word: str) -> str:
    codes = [{"code": "999888", "since": "1949-10-01"}]
    return await house.operator.made("/counties", {"word": word, "name": word, "codes": codes})


async def _token(house: House, like: Invented) -> str:
    first = {"county": like.public, "login": like.login(0), "password": f"{like.word}-first-1"}
    answer = await house.signed_in(None).http.post("/tokens", json={**first, "new_password": password(like)})
    return str(answer.json()["access_token"])


@dataclass(frozen=True)
class _Settler:
    admin: Client
    like: Invented

    async def organisations(self) -> dict[str, str]:
        for name, codes in lists(self.like).items():
            await self.admin.made("/taxonomies", {"name": name, "codes": codes})
        bureau = await self._founded("bureau", 1, None)
        branches = [await self._founded("branch", order, bureau) for order in (2, 3, 4)]
        group = await self._founded("group", 5, branches[0])
        names = dict(zip(("organisation", "other", "third"), branches, strict=True))
        return {"bureau": bureau, "group": group, **names}

    async def _founded(self, kind: str, order: int, parent: str | None) -> str:
        told = {"name": self.like.name(order), "founded_on": "2010-01-01", "host": code(self.like)}
        return await self.admin.made("/organisations", {"kind": kind, "parent": parent, **told})

    async def people(self, places: Mapping[str, str]) -> dict[str, str]:
        """`person` belongs to branch, group and committee; `mortal` will die, `away` has left, `dead` has died."""
        codes = {"rank": code(self.like), "township": township(self.like)}
        names = ("person", "second", "mortal", "away", "dead")
        made = {
            name: await self.admin.made("/people", person(self.like, order, **codes))
            for order, name in enumerate(names)
        }
        for name in names:
            home = {"organisation": places["organisation"], "kind": "home", "since": SINCE}
            await self.admin.made(f"/people/{made[name]}/memberships", home)
        mine, dated = f"/people/{made['person']}", {"code": code(self.like), "since": SINCE}
        further = {"organisation": places["group"], "kind": "further", "since": SINCE}
        await self.admin.made(f"{mine}/memberships", further)
        await self.admin.made(f"{mine}/classes", dated)
        await self.admin.made(f"{mine}/capacities", dated)
        seat = {"person": made["person"], "since": SINCE}
        await self.admin.made(f"/branches/{places['organisation']}/committee", seat)
        await self.admin.made(f"/people/{made['away']}/moves", {"on": "2021-01-01"})
        await self.admin.made(f"/people/{made['dead']}/death", {"died_on": "2021-01-01"})
        return made

    async def activities(self, host: str, people: Mapping[str, str]) -> dict[str, str]:
        """One that is planned and one that was held."""
        made = {name: await self._planned(host, people) for name in ("activity", "held")}
        await self.admin.made(f"/activities/{made['held']}/closing", None)
        return made

    async def _planned(self, host: str, people: Mapping[str, str]) -> str:
        activity = await self.admin.made("/activities", occasion(self.like, host))
        proxy = {"origin": "proxy", "on_behalf_of": people["second"]}
        entries = [
            {"person": people["person"], "outcome": "attended"},
            {"person": people["second"], "outcome": "attended", **proxy},
            {"person": people["mortal"], "outcome": "excused"},
        ]
        await self.admin.made(f"/activities/{activity}/attendance", {"entries": entries, "rest_missed": "desk"})
        return activity

    async def others(self, place: str, people: Mapping[str, str]) -> dict[str, str]:
        """A recorder and a member, a roster with and one without faults, and a line in the trail."""
        recorder = await self.admin.made("/users", user(self.like, 1, "recorder", organisations=[place]))
        await self.admin.made("/users", user(self.like, 2, "member", person=people["person"]))
        rosters = [await self.admin.made("/rosters", roster(self.like, 10)) for _ in range(1)]
        broken = roster(self.like, 11, identity="1" * 18)
        rosters.append(await self.admin.made("/rosters", broken, dry_run=True))
        await self.admin.get(f"/people/{people['person']}/sealed/phone", reason="visit")
        return {"user": recorder, "roster": rosters[0]}
