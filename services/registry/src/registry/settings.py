"""What a registry process is told, besides what every service is."""

import base64
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from bus.settings import KafkaSettings
from kit.settings import ServiceSettings

KEY_BYTES = 32


def _key(text: object) -> object:
    """Thirty-two bytes in base64, as `openssl rand -base64 32` prints them."""
    try:
        right = isinstance(text, str) and len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except ValueError:
        right = False
    if not right:
        raise ValueError(f"must be {KEY_BYTES} bytes in base64, as `openssl rand -base64 {KEY_BYTES}` prints them")
    return text


Key = Annotated[SecretStr, BeforeValidator(_key)]


class RegistrySettings(KafkaSettings, ServiceSettings):
    """Every process: `migrate` and the worker need no key."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_")


class ApiSettings(RegistrySettings):
    signing_key: SecretStr = Field(description="ES256 private key, PEM")
    field_key: Key = Field(description="AES-256-GCM, seals sensitive fields")
    old_field_keys: tuple[Key, ...] = Field((), description="still open what they sealed; JSON list")
    lookup_key: Key = Field(description="HMAC-SHA256, finds sealed fields")
    token_audiences: tuple[str, ...] = Field(("registry", "scoring"), description="services our tokens are for")
    token_lifetime: timedelta = Field(timedelta(hours=8), ge=timedelta(minutes=5), le=timedelta(hours=24))

    def field_keys(self) -> list[bytes]:
        return [_bytes(key) for key in (self.field_key, *self.old_field_keys)]

    def lookup_bytes(self) -> bytes:
        return _bytes(self.lookup_key)


def _bytes(key: SecretStr) -> bytes:
    return base64.b64decode(key.get_secret_value())
