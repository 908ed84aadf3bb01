"""A token is believed only with our signature, our issuer, our audience, an expiry, a subject and a role."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from kit.tokens import NotSignedIn, Principal, Verifier, fixed_keys, remote_keys

KEY = ECKey.generate_key("P-256", parameters={"kid": "now"}, auto_kid=True)
OTHER = ECKey.generate_key("P-256", parameters={"kid": "now"}, auto_kid=True)
VERIFIER = Verifier("https://issuer.example", "registry", fixed_keys(KeySet([KEY])))


def token(key: ECKey = KEY, **changes: Any) -> str:
    claims = {
        "iss": "https://issuer.example",
        "aud": ["registry", "scoring"],
        "sub": "user-1",
        "exp": int(time.time()) + 60,
        "role": "desk",
        "county": "county-1",
        "organisations": ["org-1"],
    } | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": key.kid}, kept, key, algorithms=["ES256"])


async def test_a_good_token_becomes_its_principal() -> None:
    assert await VERIFIER.principal(token()) == Principal("user-1", "county-1", "desk", ("org-1",), None)


async def test_a_token_without_a_county_is_nobodys_neighbour() -> None:
    assert (await VERIFIER.principal(token(county=None, role="operator"))).county is None


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://another.example"},
        {"aud": ["scoring"]},
        {"aud": None},
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"sub": None},
        {"role": None},
        {"iss": None},
    ],
)
async def test_a_token_with_a_wrong_or_missing_claim_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        await VERIFIER.principal(token(**changes))


async def test_a_token_of_another_key_is_refused() -> None:
    with pytest.raises(NotSignedIn):
        await VERIFIER.principal(token(OTHER))


async def test_an_unsigned_or_symmetric_token_is_refused() -> None:
    claims = {"iss": "https://issuer.example", "aud": "registry", "sub": "u", "role": "desk", "exp": 9999999999}
    secret = OctKey.import_key("a secret of thirty-two characters")
    symmetric = jwt.encode({"alg": "HS256"}, claims, secret, algorithms=["HS256"])
    for bad in (symmetric, "not.a.token", "", "a" * 5000):
        with pytest.raises(NotSignedIn):
            await VERIFIER.principal(bad)


class Issuer:
    """A small HTTP server that publishes keys, or whatever else it is told to answer."""

    def __init__(self) -> None:
        self.answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + json.dumps(KeySet([KEY]).as_dict()).encode()
        self.asked = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(self.answer)
        writer.close()


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[tuple[Issuer, Verifier]]:
    one = Issuer()
    async with await asyncio.start_server(one.serve, "127.0.0.1") as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks.json"
        yield one, Verifier("https://issuer.example", "registry", remote_keys(url))


@pytest.mark.enable_socket
async def test_many_first_requests_ask_the_issuer_once(issuer: tuple[Issuer, Verifier]) -> None:
    one, verifier = issuer
    believed = await asyncio.gather(*(verifier.principal(token()) for _ in range(5)))
    assert ([by.user for by in believed], one.asked) == (["user-1"] * 5, 1)


@pytest.mark.enable_socket
@pytest.mark.parametrize("answer", [b"HTTP/1.1 500 Oh\r\n\r\n", b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>"])
async def test_a_broken_issuer_calls_nobody_signed_out(issuer: tuple[Issuer, Verifier], answer: bytes) -> None:
    one, verifier = issuer
    one.answer = answer
    with pytest.raises(httpx.TransportError):
        await verifier.principal(token())


@pytest.mark.enable_socket
async def test_bad_tokens_do_not_make_us_ask_again_and_again(issuer: tuple[Issuer, Verifier]) -> None:
    one, verifier = issuer
    await verifier.principal(token())
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            await verifier.principal(token(OTHER))
    assert one.asked == 1


async def test_fresh_keys_are_asked_for_once_when_a_key_is_unknown() -> None:
    asked: list[bool] = []

    async def keys(fresh: bool) -> KeySet:
        asked.append(fresh)
        return KeySet([KEY if fresh else OTHER])

    verifier = Verifier("https://issuer.example", "registry", keys)
    assert (await verifier.principal(token())).user == "user-1"
    assert asked == [False, True]


@pytest.mark.enable_socket
async def test_who_waited_while_another_asked_in_vain_does_not_ask_again(issuer: tuple[Issuer, Verifier]) -> None:
    one, verifier = issuer
    one.answer = b"HTTP/1.1 500 Oh\r\n\r\n"
    refused = await asyncio.gather(*(verifier.principal(token()) for _ in range(5)), return_exceptions=True)
    assert ({type(each) for each in refused}, one.asked) == ({httpx.TransportError}, 1)
    with pytest.raises(httpx.TransportError):
        await verifier.principal(token())
    assert one.asked == 2
