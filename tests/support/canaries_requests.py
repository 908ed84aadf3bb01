"""Requests that nobody should send, made from a service's OpenAPI, with a canary wherever one can stand."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import quote

from support.books import new_id
from support.canaries import CANARY

NAME, WORD = CANARY.name(1), CANARY.login(1)
EACH_IN_TURN = (NAME, CANARY.identity(1), CANARY.phone(1), CANARY.address(1), WORD)
UNWRITABLE = (f"{NAME}\x00{WORD}", f"{NAME}\ud800")
MUCH = (NAME * 500,)


@dataclass(frozen=True)
class Broken:
    """A request as it will be sent, signed in."""

    method: str
    path: str
    content: bytes | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def broken(openapi: Mapping[str, Any], town: Mapping[str, str]) -> Iterator[Broken]:
    """Every operation, asked wrongly in every way."""
    for path, item in openapi["paths"].items():
        for method, operation in item.items():
            real = re.sub(r"{(\w+)}", lambda match: town[match[1]], path)
            wrong = re.sub(r"{(\w+)}", quote(NAME), path)
            yield from _asked(method.upper(), real, wrong, operation)
            if method in ("post", "patch"):
                yield from _written(method.upper(), real, _bodies(openapi, operation))


def _asked(method: str, real: str, wrong: str, operation: Mapping[str, Any]) -> Iterator[Broken]:
    told = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
    body = b"{}" if method != "GET" else None
    yield Broken(method, wrong, body)
    yield Broken(method, real, body, query=dict.fromkeys([*told, NAME], NAME))
    yield Broken(method, real, body, headers={"Authorization": f"Bearer {WORD}", "Cookie": WORD, "Referer": f"/{WORD}"})
    yield Broken("DELETE", real, body)


def _written(method: str, path: str, bodies: Iterator[bytes]) -> Iterator[Broken]:
    own = {"Idempotency-Key": new_id()} if method == "POST" else {"If-Match": '"1"'}
    for body in bodies:
        yield Broken(method, path, body, headers=own | {"Idempotency-Key": new_id()})
    fields = json.dumps({"name": NAME}).encode()
    yield Broken(method, path, fields, headers={"If-Match": WORD, "Idempotency-Key": WORD[:7]})
    yield Broken(method, path, fields, headers=own | {"Content-Type": f"multipart/form-data; boundary={WORD}"})


def _bodies(openapi: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[bytes]:
    content = operation.get("requestBody", {}).get("content", {})
    schema: Mapping[str, Any] = next((media["schema"] for media in content.values()), {})
    for told in (EACH_IN_TURN, UNWRITABLE, MUCH):
        yield json.dumps(_Filler(openapi, cycle(told)).filled(schema)).encode()
    yield json.dumps({"fields": NAME, NAME: NAME, CANARY.phone(2): 1, CANARY.identity(2): 2}).encode()
    yield json.dumps([NAME, [NAME], {NAME: NAME}]).encode()
    yield f'{{"name": "{NAME}", "phone": '.encode()
    yield f"{NAME} is no JSON".encode("gb18030")


@dataclass(frozen=True)
class _Filler:
    """Makes bodies that have every field of a schema, each a text."""

    openapi: Mapping[str, Any]
    texts: Iterator[str]

    def filled(self, schema: Mapping[str, Any]) -> Any:
        if "$ref" in schema:
            return self.filled(self.openapi["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return self.filled(schema["anyOf"][0])
        if schema.get("type") == "array":
            return [self.filled(schema.get("items", {}))]
        if "properties" in schema or schema.get("type") == "object":
            properties = schema.get("properties", {"title": {}, "items": {"type": "array", "items": {}}})
            return {name: self.filled(each) for name, each in properties.items()}
        return next(self.texts)
