"""The keys that services are given as files, made the first time a stack starts in its folder."""

import base64
import secrets

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def signing_key() -> bytes:
    """An ES256 key, as PEM."""
    return generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def symmetric_key() -> bytes:
    """32 bytes, as base64."""
    return base64.b64encode(secrets.token_bytes(32))
