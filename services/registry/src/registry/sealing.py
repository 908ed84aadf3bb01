"""Sensitive fields at rest: each one sealed for its place, and found again by a keyed hash.

A sealed value is `key id (4 bytes) | nonce (12) | AES-256-GCM`. County, row and field are bound in, so a value copied
to another row or column does not open. The key id lets a later key stand beside the one in force.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
KEY_ID_BYTES = 4
NONCE_BYTES = 12


class BrokenSeal(Exception):
    """A sealed value does not open here: another key, another place, or somebody changed it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands."""

    county: str
    row: str
    field: str

    def bound(self) -> bytes:
        return f"{self.county}\x1f{self.row}\x1f{self.field}".encode()


class Seals:
    """Seals with the first field key and opens with any; the lookup key has nothing to do with either."""

    def __init__(self, field_keys: Sequence[bytes], lookup_key: bytes) -> None:
        if not field_keys or any(len(key) != KEY_BYTES for key in (*field_keys, lookup_key)):
            raise ValueError(f"field and lookup keys have {KEY_BYTES} bytes")
        self._keys = {_key_id(key): AESGCM(key) for key in field_keys}
        self._first = _key_id(field_keys[0])
        self._lookup = lookup_key

    def seal(self, place: Place, text: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return self._first + nonce + self._keys[self._first].encrypt(nonce, text.encode(), place.bound())

    def open(self, place: Place, sealed: bytes) -> str:
        """The text that was sealed for this place. Raises BrokenSeal."""
        key, rest = self._keys.get(sealed[:KEY_ID_BYTES]), sealed[KEY_ID_BYTES:]
        if key is None:
            raise BrokenSeal(place.field)
        try:
            return key.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place.bound()).decode()
        except InvalidTag:
            raise BrokenSeal(place.field) from None

    def index(self, county: str, field: str, text: str) -> bytes:
        """What finds the text in this county's column, and tells nothing to who has no lookup key."""
        return hmac.digest(self._lookup, f"{county}\x1f{field}\x1f{text}".encode(), "sha256")

    def key_for(self, use: str) -> bytes:
        """A key of its own for another use, drawn from the lookup key."""
        return hmac.digest(self._lookup, f"key\x1f{use}".encode(), "sha256")


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"jinqiu field key\x1f" + key).digest()[:KEY_ID_BYTES]
