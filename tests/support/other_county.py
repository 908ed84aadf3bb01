"""What a second county asks about the first: how each operation is asked, and what may come of it.

`there` is the county that is asked about, `here` the asker's own. Asked by a stranger they are two counties; asked at
home they are one, which shows that the request as such is right and was refused for no other reason.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from fastapi import FastAPI

from support.canaries import found_in

Town = Mapping[str, str]
"""A county's ids by the name of the path's parameter, and whatever else its cases need."""

OF_A_COUNTY = ("county_admin", "desk", "recorder", "auditor", "member")
EVERYBODY = (*OF_A_COUNTY, "operator")
METHODS = ("get", "put", "post", "patch", "delete", "head", "options", "trace")


@dataclass(frozen=True)
class Case:
    """How a stranger asks. `own`: they may be answered, about themselves; else every answer is a refusal."""

    own: bool
    body: Callable[[Town, Town], Any] | None = None
    query: Callable[[Town, Town], Mapping[str, str]] | None = None
    mine: Collection[str] = ()  # parameters of the path that name the asker's own things
    at: Mapping[str, str] = field(default_factory=dict)  # parameters that the town has under another name
    who: str = "county_admin"  # the role that may ask it at home
    strangers: Sequence[str] = EVERYBODY  # without operators where it is their business


Cases = Mapping[str, Sequence[Case]]
"""By operation: `"GET /api/v1/people/{person}"`."""


def refused(body: Callable[[Town, Town], Any] | None = None, **more: Any) -> Case:
    return Case(own=False, body=body, **more)


def own(body: Callable[[Town, Town], Any] | None = None, **more: Any) -> Case:
    return Case(own=True, body=body, **more)


def operations(app: FastAPI) -> list[str]:
    """What the service's generated OpenAPI offers."""
    paths = app.openapi()["paths"]
    return [f"{method.upper()} {path}" for path, item in paths.items() for method in item if method in METHODS]


def uncovered(app: FastAPI, cases: Cases) -> list[str]:
    """A sentence for each route without a case, and for each case without a route."""
    offered = operations(app)
    new = [one for one in offered if not cases.get(one)]
    gone = [one for one in cases if one not in offered]
    return [
        *(f"{one}: no case says what another county gets there; tests/system/second_county wants one" for one in new),
        *(f"{one}: tests/system/second_county has a case, and there is no such route" for one in gone),
    ]


@dataclass(frozen=True)
class Asked:
    """A request as it will be sent."""

    method: str
    url: str
    query: Mapping[str, str]
    content: bytes | None
    media_type: str = "application/json"

    @classmethod
    def of(cls, operation: str, case: Case, there: Town, here: Town) -> "Asked":
        method, _, path = operation.partition(" ")

        def value(match: re.Match[str]) -> str:
            name = match[1]
            return (here if name in case.mine else there)[case.at.get(name, name)]

        query = case.query(there, here) if case.query else {}
        body = case.body(there, here) if case.body else None
        url = re.sub(r"{(\w+)}", value, path)
        if isinstance(body, bytes):
            return cls(method, url, query, body, "application/octet-stream")
        return cls(method, url, query, None if body is None else orjson.dumps(body))

    def names(self, id_: str) -> bool:
        """Whether the request itself names the id."""
        return id_ in self.url or id_ in self.query.values() or id_.encode() in (self.content or b"")


def offences(case: Case, asked: Asked, answer: httpx.Response, ids: Collection[str]) -> list[str]:
    """What an answer tells a stranger that it should not; `ids` are everything of the other county's that has one."""
    told = f"{answer.headers} {answer.text}"
    found = [f"tells {canary!r}" for canary in sorted(found_in(told))]
    found += [f"tells the id {id_}" for id_ in sorted(ids) if id_ in told and not asked.names(id_)]
    if answer.is_success and not case.own:
        found.append("is no refusal")
    if answer.is_server_error:
        found.append("is no clear answer")
    return [f"{asked.method} {asked.url}: the answer {answer.status_code} {sentence}" for sentence in found]
