"""Typed settings from the environment; a secret may come from the file that `<NAME>_FILE` points at."""

import os
import sys
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict


class FileSource(PydanticBaseSettingsSource):
    """Reads the value of `PREFIX_X` from the file named by `PREFIX_X_FILE`, without its last line break."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 — the interface's
        name = f"{self.config.get('env_prefix', '')}{field_name}_FILE".upper()
        path = os.environ.get(name)
        if path is None:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except OSError as error:
            raise SystemExit(f"{name} points at {path}, which cannot be read: {error.strerror}") from None

    def __call__(self) -> dict[str, Any]:
        read = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in read.items() if value is not None}


class ServiceSettings(BaseSettings):
    """What every process of every service is told. Each service's class names its prefix: `REGISTRY_`."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: str = Field(pattern=r"^postgresql\+asyncpg://")
    database_password: SecretStr
    database_pool: int = Field(10, ge=1, le=100, description="connections")
    kafka_bootstrap: str = Field(min_length=3, description="host:port, several with commas")
    http_host: str = "127.0.0.1"
    http_port: int = Field(ge=1, le=65535)
    metrics_port: int = Field(ge=1, le=65535, description="the worker's health and metrics")
    issuer: str = Field(min_length=1, description="the `iss` that tokens must carry")
    audience: str = Field(min_length=1, description="the `aud` that tokens must name")
    jwks_url: str = Field(pattern=r"^https?://")

    @classmethod
    def settings_customise_sources(  # the file wins: who mounts a secret means it
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 — the interface's; no .env file is read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, FileSource(settings_cls), env_settings


S = TypeVar("S", bound=ServiceSettings)


def load(settings: type[S]) -> S:
    """Read the settings, or end the process (status 2) with one line for each variable that is wrong."""
    try:
        return settings()
    except ValidationError as error:
        prefix = str(settings.model_config.get("env_prefix", ""))
        for wrong in error.errors(include_input=False, include_url=False):
            name = f"{prefix}{'_'.join(str(part) for part in wrong['loc'])}".upper()
            print(f"{name}: {wrong['msg']}", file=sys.stderr)  # noqa: T201 — before any log is set up
        raise SystemExit(2) from None
