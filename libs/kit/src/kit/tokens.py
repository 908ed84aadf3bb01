"""Who asks: a JWT signed with ES256, checked for issuer, audience, expiry and subject, becomes a Principal."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ["ES256"]
Keys = Callable[[bool], Awaitable[KeySet]]
"""Answers the issuer's keys; True asks for fresh ones, because a token names a key that is not among them."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The person who asks, as their token says. `county` is None for an operator, who sees no county's rows."""

    user: str
    county: str | None
    role: str
    organisations: tuple[str, ...] = ()
    person: str | None = None


class NotSignedIn(Exception):
    """The request carries no token that we believe."""


class Verifier:
    """The one place where a token is believed."""

    def __init__(self, issuer: str, audience: str, keys: Keys) -> None:
        self._keys = keys
        self._claims = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
            role={"essential": True},
        )

    async def principal(self, token: str) -> Principal:
        """Raises NotSignedIn for whatever is wrong with the token; the reason is not told."""
        claims = await self._believed(token, fresh=False) or await self._believed(token, fresh=True)
        if claims is None:
            raise NotSignedIn("登录已失效，请重新登录。")
        return _principal(claims)

    async def _believed(self, token: str, *, fresh: bool) -> dict[str, object] | None:
        try:
            decoded = jwt.decode(token, await self._keys(fresh), algorithms=ALGORITHMS)
            self._claims.validate(decoded.claims)
        except (JoseError, ValueError):
            return None
        return dict(decoded.claims)


def _principal(claims: dict[str, object]) -> Principal:
    organisations = claims.get("organisations") or ()
    county, person = claims.get("county"), claims.get("person")
    return Principal(
        user=str(claims["sub"]),
        county=str(county) if county else None,
        role=str(claims["role"]),
        organisations=tuple(map(str, organisations)) if isinstance(organisations, list | tuple) else (),
        person=str(person) if person else None,
    )


def fixed_keys(keys: KeySet) -> Keys:
    """The keys of a process that is the issuer itself."""

    async def answer(_fresh: bool) -> KeySet:
        return keys

    return answer


def remote_keys(url: str, *, every_s: float = 10.0) -> Keys:
    """The issuer's published keys, asked for again at most every ten seconds, however many bad tokens come.

    Raises httpx.TransportError while they are not to be had: that is no reason to call anybody signed out. Who waited
    while another asked in vain is told the same, or a queue would wait for the issuer's time-out one after the other.
    """
    known: KeySet | None = None
    asked_at = float("-inf")
    failed: tuple[float, httpx.TransportError] | None = None
    one_asks = asyncio.Lock()

    async def answer(fresh: bool) -> KeySet:
        nonlocal known, asked_at, failed
        came_at = time.monotonic()
        async with one_asks:
            if known is None or (fresh and time.monotonic() - asked_at >= every_s):
                if failed and failed[0] >= came_at:
                    raise httpx.TransportError(str(failed[1]))
                try:
                    known = await _published(url)
                except httpx.TransportError as error:
                    failed = (time.monotonic(), error)
                    raise
                asked_at = time.monotonic()
            return known

    return answer


async def _published(url: str) -> KeySet:
    try:
        async with httpx.AsyncClient(timeout=5) as client:
            found = (await client.get(url)).raise_for_status()
        return KeySet.import_key_set(found.json())
    except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
        raise httpx.TransportError(f"the issuer's keys are not to be had: {type(error).__name__}") from error
