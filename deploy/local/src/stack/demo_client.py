"""Talks to the services as anybody would: over HTTP, signed in, every POST with a key so that it may be repeated."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

PATIENCE_S = 60.0
TOO_EARLY = (409, 429, 503)
"""Answers after which trying again is right, if they carry Retry-After."""


class StoryRefused(Exception):
    """A service said no; the sentence says to what, and why."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody signed in at one service. `scope` stands in front of every key: two counties' steps never meet."""

    http: httpx.AsyncClient
    base: str
    token: str
    scope: str

    async def post(self, path: str, key: str, body: Mapping[str, Any] | None = None, **more: Any) -> str:
        """POST once, however often it is called: the key makes the repetition answer the same. Returns the id."""
        sent = {"json": body} if body is not None else more
        headers = {"Idempotency-Key": quote(f"{self.scope}/{key}"), **sent.pop("headers", {})}
        answer = await self._patiently("POST", path, headers=headers, **sent)
        return str(answer.json()["id"])

    async def get(self, path: str, **params: str | int) -> Any:
        return (await self._patiently("GET", path, params=params)).json()

    async def pages(self, path: str, **params: str | int) -> AsyncIterator[Any]:
        """Every item of a list, page after page."""
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, limit=500, **params, **cursor)
            for item in page["items"]:
                yield item
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}

    async def seen(self, path: str) -> tuple[Any, str]:
        """A thing and its ETag."""
        answer = await self._patiently("GET", path)
        return answer.json(), answer.headers["ETag"]

    async def patch(self, path: str, etag: str, body: Mapping[str, Any]) -> None:
        await self._patiently("PATCH", path, headers={"If-Match": etag}, json=body)

    async def _patiently(self, method: str, path: str, **sent: Any) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = await asked(self.http, method, f"{self.base}/api/v1{path}", self.token, **sent)
            if answer.is_success:
                return answer
            wait = answer.headers.get("Retry-After")
            if answer.status_code not in TOO_EARLY or wait is None or time.monotonic() > deadline:
                raise StoryRefused(
                    f"{method} {path} {sent.get('headers', '')}: {answer.status_code} {_sentence(answer)}"
                )
            await asyncio.sleep(float(wait))


async def asked(
    http: httpx.AsyncClient, method: str, url: str, token: str | None = None, **sent: Any
) -> httpx.Response:
    """One request; the answer, whatever it says. Raises StoryRefused if there is none."""
    headers = {**sent.pop("headers", {}), **({"Authorization": f"Bearer {token}"} if token else {})}
    try:
        return await http.request(method, url, headers=headers, **sent)
    except httpx.TransportError as error:
        raise StoryRefused(f"{method} {url} was not answered: {type(error).__name__}") from error


def _sentence(answer: httpx.Response) -> str:
    """What a problem says to the clerk; its places too, which never repeat what was sent."""
    try:
        problem = answer.json()
    except ValueError:
        return answer.text
    return " ".join(str(problem[part]) for part in ("detail", "errors") if problem.get(part))
