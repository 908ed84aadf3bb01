"""Registry's API, built as the process builds it and asked without a network, by whoever the test says."""

import time
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey

from kit.tokens import Principal
from registry.app import build_api
from registry.settings import ApiSettings
from support.books import Books, new_id

KEY = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, private=True)
SECRET = "A" * 43 + "="


def registry_api(books: Books) -> FastAPI:
    settings = ApiSettings(
        database_url="postgresql+asyncpg://never.used",
        database_password="unused",
        kafka_bootstrap="never.used:1",
        http_port=1,
        metrics_port=1,
        issuer="https://jinqiu.test",
        audience="registry",
        jwks_url="http://never.used",
        signing_key=KEY.as_pem(private=True).decode(),
        field_key=SECRET,
        lookup_key=SECRET,
    )
    return build_api(settings, books.sessions.engine)


def token(by: Principal) -> str:
    claims = {
        "iss": "https://jinqiu.test",
        "aud": ["registry"],
        "sub": by.user,
        "exp": int(time.time()) + 600,
        "role": by.role,
        "organisations": list(by.organisations),
        **({"county": by.county} if by.county else {}),
    }
    KEY.ensure_kid()
    return jwt.encode({"alg": "ES256", "kid": KEY.kid}, claims, KEY)


@dataclass
class Desk:
    """A client that asks as `by`: a new key for every POST unless the test names one."""

    client: httpx.AsyncClient
    by: Principal

    def asked_by(self, by: Principal) -> "Desk":
        return Desk(self.client, by)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.client.get(f"/api/v1{path}", params=query, headers=self._headers())

    async def post(self, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        headers = self._headers() | {"Idempotency-Key": key or new_id()}
        return await self.client.post(f"/api/v1{path}", json=body, headers=headers)

    async def patch(self, path: str, body: Any, etag: str | None) -> httpx.Response:
        headers = self._headers() | ({"If-Match": etag} if etag else {})
        return await self.client.patch(f"/api/v1{path}", json=body, headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {token(self.by)}"}


def slug(answer: httpx.Response) -> tuple[int, str]:
    """The status of a problem and which one it is."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")
