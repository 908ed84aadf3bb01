"""Two counties in one service, filled alike, and somebody of every role in each."""

import base64
import re
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx
import orjson
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from support.books import new_id
from support.other_county import Asked, Town

CHANGES = ("PATCH", "PUT")
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Signer:
    """Signs whatever token a test has in mind, with the issuer's key."""

    key: ECKey
    issuer: str
    audience: str

    def token(self, role: str, county: str | None, **claims: Any) -> str:
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, self._claims(role, county, claims), self.key)

    def unsigned(self, role: str, county: str | None, **claims: Any) -> str:
        parts = ({"alg": "none", "typ": "JWT"}, self._claims(role, county, claims))
        return ".".join([*(base64.urlsafe_b64encode(orjson.dumps(part)).decode().rstrip("=") for part in parts), ""])

    def _claims(self, role: str, county: str | None, more: Mapping[str, Any]) -> dict[str, Any]:
        usual = {"iss": self.issuer, "aud": self.audience, "sub": new_id(), "exp": int(time.time()) + 600}
        return usual | {"role": role} | ({"county": county} if county else {}) | dict(more)


@dataclass(frozen=True)
class Neighbours:
    """`a` is the county whose every text is a canary, `b` the stranger beside it."""

    app: FastAPI
    signer: Signer
    superuser: AsyncEngine
    schema: str
    a: Town
    b: Town
    ids: frozenset[str] = frozenset()  # everything of a's that has one

    async def known(self) -> "Neighbours":
        """The same, knowing every id in a row of a's; what b's rows name too is both's."""
        rows = await self.rows()
        return replace(self, ids=_ids(rows, self.a["county"]) - _ids(rows, self.b["county"]))

    def stranger(self, role: str) -> str:
        """A token of b's, which even names a's organisation (recorder) or a's person (member)."""
        return self._token(role, self.b, self.a)

    def at_home(self, role: str) -> str:
        return self._token(role, self.a, self.a)

    def _token(self, role: str, county: Town, named: Town) -> str:
        about: dict[str, dict[str, Any]] = {
            "county_admin": {"sub": county["admin"]},
            "recorder": {"organisations": [named["organisation"]]},
            "member": {"person": named["person"]},
        }
        return self.signer.token(role, None if role == "operator" else county["county"], **about.get(role, {}))

    async def send(self, asked: Asked, token: str | None, etag: str = '"1"') -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Idempotency-Key": new_id()} if asked.method == "POST" else {}
        headers |= {"If-Match": etag} if asked.method in CHANGES else {}
        headers |= {"Content-Type": asked.media_type} if asked.content is not None else {}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=("192.0.2.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.request(
                asked.method, asked.url, params=asked.query, content=asked.content, headers=headers
            )

    async def etag(self, asked: Asked) -> str:
        """The right one, so that no change is refused for a wrong one."""
        if asked.method not in CHANGES:
            return '"1"'
        role = "operator" if asked.url.startswith("/api/v1/counties") else "county_admin"
        read = Asked("GET", asked.url, {}, None)
        answers = [await self.send(read, token) for token in (self.at_home(role), self.stranger(role))]
        return next((answer.headers["ETag"] for answer in answers if answer.is_success), '"1"')

    async def theirs(self) -> set[str]:
        """Every row of any table that names something of a's, whosever row it is.

        Not of those: that b's auditor looked for one of a's ids, which is b's own trail.
        """
        trail = f"audit {self.b['county']}"
        return {row for row in await self.rows() if self.ids & set(UUIDS.findall(row)) and not row.startswith(trail)}

    async def rows(self) -> list[str]:
        return [row async for row in self._rows()]

    async def _rows(self) -> AsyncIterator[str]:
        async with self.superuser.connect() as connection:
            for table in (await connection.scalars(_TABLES, {"schema": self.schema})).all():
                county = "to_jsonb(one) ->> 'county'"
                readable = "convert_from(value, 'UTF8')" if table == "journal" else "CAST(one AS text)"
                statement = f"SELECT concat_ws(' ', {county}, {readable}) FROM {self.schema}.{table} AS one"  # noqa: S608
                for row in await connection.scalars(text(statement)):
                    yield f"{table} {row}"


def _ids(rows: list[str], county: str) -> frozenset[str]:
    return frozenset(id_ for row in rows if county in row for id_ in UUIDS.findall(row))


_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema ORDER BY tablename")
