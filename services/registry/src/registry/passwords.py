"""Passwords: argon2id, in a thread, because one hash takes tens of milliseconds of a core and all of the event loop."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

_HASHER = PasswordHasher()  # argon2id, RFC 9106's low-memory profile: 64 MiB, 3 passes
_AT_ONCE = 4  # each takes 64 MiB while it runs
_turnstile = asyncio.Semaphore(_AT_ONCE)
# What an unknown user's password is compared with, so that it takes as long as a known one's.
NOBODY = _HASHER.hash(secrets.token_urlsafe(32))


async def hash_password(password: str) -> str:
    async with _turnstile:
        return await asyncio.to_thread(_HASHER.hash, password)


async def is_password(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; without a hash it never is, and takes as long to say so."""
    async with _turnstile:
        right = await asyncio.to_thread(_verify, password_hash or NOBODY, password)
    return right and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except VerifyMismatchError:
        return False
