"""Who plays the story: the operator makes the county and its first admin, who does everything else.

Passwords are drawn once and stay in the state folder, mode 600, so that a second run signs in as the same people.
"""

import json
from dataclasses import dataclass

import httpx

from stack.demo_client import Caller, StoryRefused, asked
from stack.pack import Pack
from stack.running import Stack
from stack.state import State

OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody types: the county's word, a name, a password."""

    county: str | None
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class Door:
    """Registry's sign-in, and the places that its tokens open."""

    http: httpx.AsyncClient
    registry: str
    scoring: str

    async def enter(self, login: Login, *, first: str | None = None) -> tuple[Caller, Caller]:
        """Sign in at registry and scoring; `first` is the password of the first time, which has to be changed."""
        token = await self._token(login) or (first and await self._changed(login, first))
        if not token:
            raise StoryRefused(f"{login.name} cannot sign in with the password of the state folder")
        scope = f"demo/{login.county or 'counties'}"
        return Caller(self.http, self.registry, token, scope), Caller(self.http, self.scoring, token, scope)

    async def _token(self, login: Login, **more: str) -> str | None:
        body = {"county": login.county, "login": login.name, "password": login.password, **more}
        answer = await asked(self.http, "POST", f"{self.registry}/api/v1/tokens", json=body)
        return str(answer.json()["access_token"]) if answer.is_success else None

    async def _changed(self, login: Login, first: str) -> str | None:
        return await self._token(Login(login.county, login.name, first), new_password=login.password)


def operator(state: State) -> Login:
    return Login(None, OPERATOR, _secret(state, "operator_login"))


def admin(pack: Pack, state: State) -> Login:
    return Login(pack.word, str(pack.county["admin"]["login"]), _secret(state, f"{pack.word}_admin_login"))


def deputy(pack: Pack, state: State) -> Login:
    return Login(pack.word, str(pack.county["deputy"]["login"]), _secret(state, f"{pack.word}_deputy_login"))


def addresses(stack: Stack, *logins: Login) -> list[str]:
    """Where everything is and how to sign in, as somebody can paste it."""
    door = f"login     POST {stack.services['registry'].url}/api/v1/tokens"
    return [
        *(
            f"{name:9} {placed.url}/api/v1  (what it takes: /api/v1/openapi.json)"
            for name, placed in stack.services.items()
        ),
        *(
            f"tallies   {placed.stream_url}/api/v1/tallies  (live, with a scoring token; /readyz, /metrics)"
            for placed in stack.services.values()
            if placed.stream_url
        ),
        "workers   " + ", ".join(placed.worker_url for placed in stack.services.values()) + "  (/readyz, /metrics)",
        *(f"{door}  {_body(login)}" for login in logins),
    ]


def _body(login: Login) -> str:
    return json.dumps({"county": login.county, "login": login.name, "password": login.password})


def ensure_operator(stack: Stack) -> None:
    """The first operator has nobody who could appoint them over HTTP."""
    around, placed = stack.surroundings, stack.services["registry"]
    password = around.state.secret("operator_login")
    arguments = ("create", "--name", OPERATOR, "--password-file", str(password), "--if-missing")
    stack.children.complete([around.operator(placed, *arguments)])


async def county_admin(door: Door, pack: Pack, state: State) -> tuple[Caller, Caller]:
    """Establish the county, appoint its admin, and sign in as that admin."""
    login, first = admin(pack, state), _secret(state, f"{pack.word}_admin_first")
    registry, _ = await door.enter(operator(state))
    codes = [{"code": row["code"], "since": str(row["since"])} for row in pack.county["codes"]]
    body = {"word": pack.word, "name": pack.county["name"], "codes": codes}
    county = await registry.post("/counties", f"county/{pack.word}", body)
    appointment = {"login": login.name, "name": pack.county["admin"]["name"], "password": first}
    await registry.post(f"/counties/{county}/admins", f"admin/{pack.word}", appointment)
    return await door.enter(login, first=first)


async def county_deputy(door: Door, pack: Pack, state: State, registry: Caller) -> Caller:
    """Appoint whoever confirms what the admin proposes, and sign in at scoring as that person."""
    login, first = deputy(pack, state), _secret(state, f"{pack.word}_deputy_first")
    appointment = {
        "login": login.name, "name": pack.county["deputy"]["name"], "role": "county_admin", "password": first,
    }  # fmt: skip
    await registry.post("/users", f"deputy/{pack.word}", appointment)
    _, scoring = await door.enter(login, first=first)
    return scoring


def _secret(state: State, name: str) -> str:
    return state.secret(name).read_text()
