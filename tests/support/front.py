"""Registry's API without a socket: `front.client(role)` asks as somebody of that role, over the real app."""

import base64
import json
from typing import Any

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from registry.app import build_api
from registry.ids import CountyId, OrganisationId, PersonId, UserId
from registry.settings import ApiSettings
from registry.users.domain import Role, User
from support.books import new_id

PEM = (
    ec.generate_private_key(ec.SECP256R1())
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode()
)


def environment(url: str, password: str) -> dict[str, str]:
    """What a registry process is told, without the prefix REGISTRY_."""
    return {
        "DATABASE_URL": url,
        "DATABASE_PASSWORD": password,
        "KAFKA_BOOTSTRAP": "nowhere:9092",
        "HTTP_PORT": "8001",
        "METRICS_PORT": "9001",
        "ISSUER": "https://jinqiu.test",
        "AUDIENCE": "registry",
        "JWKS_URL": "http://nowhere/jwks.json",
        "SIGNING_KEY": PEM,
        "FIELD_KEY": base64.b64encode(b"f" * 32).decode(),
        "LOOKUP_KEY": base64.b64encode(b"l" * 32).decode(),
    }


def settings(url: str, password: str) -> ApiSettings:
    told = environment(url, password)
    return ApiSettings.model_validate({name.lower(): value for name, value in told.items()})


class Client:
    """One signed-in person (or nobody). A POST takes a new key unless it is given one."""

    def __init__(self, app: FastAPI, token: str | None) -> None:
        self.app = app
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("192.0.2.1", 1))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://registry/api/v1", headers=headers)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.http.get(path, params=query)

    async def post(self, path: str, body: Any, key: str | None = None, **query: Any) -> httpx.Response:
        headers = {"Idempotency-Key": key or new_id()}
        if isinstance(body, bytes):
            headers["Content-Type"] = "application/octet-stream"
            return await self.http.post(path, content=body, headers=headers, params=query)
        return await self.http.post(path, json=body, headers=headers, params=query)

    async def patch(self, path: str, body: Any, etag: str | None) -> httpx.Response:
        return await self.http.patch(path, json=body, headers={"If-Match": etag} if etag else {})

    async def made(self, path: str, body: Any, **query: Any) -> str:
        """POST, and the id that it answers."""
        answer = await self.post(path, body, **query)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


class Front:
    """The app on a database that the run shares. `county` is this test's own, established over HTTP."""

    def __init__(self, engine: AsyncEngine, url: str, password: str) -> None:
        self.engine = engine
        self.app = build_api(settings(url, password), engine)
        self.county = ""
        self.operator = self.client(Role.OPERATOR)

    async def open(self) -> None:
        self.county = await self.establish()

    async def establish(self) -> str:
        word = f"c{new_id()[-12:]}"
        body = {"word": word, "name": "示例县", "codes": [{"code": "999101", "since": "1949-10-01"}]}
        return await self.operator.made("/counties", body)

    def client(
        self, role: Role = Role.DESK, *, county: str | None = None, organisations: tuple[str, ...] = ()
    ) -> Client:
        """Somebody of this role, of this test's county unless another is named."""
        home = None if role is Role.OPERATOR else CountyId(county or self.county)
        places = tuple(OrganisationId(place) for place in organisations)
        person = PersonId(new_id()) if role is Role.MEMBER else None
        user = User(UserId(new_id()), home, role.value, "示例", role, places, person)
        return Client(self.app, self.app.state.issuer.token(user, self.now()))

    def nobody(self) -> Client:
        return Client(self.app, None)

    def now(self) -> Any:
        return self.app.state.shell.clock()

    async def events(self, topic: str, county: str | None = None) -> list[dict[str, Any]]:
        """What was published of this test's county, in order."""
        async with self.app.state.shell.sessions.begin(county or self.county) as session:
            rows = await session.execute(
                text("SELECT value FROM journal WHERE county = :county AND topic = :topic ORDER BY id"),
                {"county": county or self.county, "topic": topic},
            )
            return [json.loads(value) for value in rows.scalars()]

    async def trail(self) -> list[Any]:
        """The audit trail of this test's county, in order."""
        async with self.app.state.shell.sessions.begin(self.county) as session:
            rows = await session.execute(
                text("SELECT * FROM audit WHERE county = :county ORDER BY id"), {"county": self.county}
            )
            return list(rows.mappings())
