"""Typed settings from the environment; a secret may come from the file that `<NAME>_FILE` points at."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError


class FileSource(PydanticBaseSettingsSource):
    """Reads the value of `PREFIX_X` from the file named by `PREFIX_X_FILE`, without its last line break."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 — the interface's
        name = f"{self.config.get('env_prefix', '')}{field_name}_FILE".upper()
        path = os.environ.get(name)
        if path is None:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
            raise SystemExit(f"{name} points at {path}, which cannot be read: {reason}") from None

    def __call__(self) -> dict[str, Any]:
        read = {name: self._value(field, name) for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in read.items() if value is not None}

    def _value(self, field: FieldInfo, name: str) -> Any:
        value = self.get_field_value(field, name)[0]
        try:
            return self.prepare_field_value(name, field, value, value_is_complex=False)
        except ValueError:
            raise SettingsError(f'"{name}" from its file') from None


def _with_driver(url: str) -> str:
    if not url.startswith("postgresql+asyncpg://"):
        raise ValueError("must begin with postgresql+asyncpg://, and carries no password")
    return url


class ServiceSettings(BaseSettings):
    """What every process of every service is told. Each service's class names its prefix: `REGISTRY_`."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: Annotated[str, AfterValidator(_with_driver)]
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
    prefix = str(settings.model_config.get("env_prefix", ""))
    try:
        return settings()
    except SettingsError as error:
        name = str(error).split('"')[1]
        print(f"{prefix}{name}".upper() + ": is not JSON, in which a list is written", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    except ValidationError as error:
        for wrong in error.errors(include_input=False, include_url=False):
            name = f"{prefix}{'_'.join(str(part) for part in wrong['loc'])}".upper()
            print(f"{name}: {wrong['msg']}", file=sys.stderr)  # noqa: T201 — before any log is set up
        raise SystemExit(2) from None
