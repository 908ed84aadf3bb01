"""How a service is told to sign in to Kafka. Its settings take these fields in beside `ServiceSettings`.

class RegistrySettings(KafkaSettings, ServiceSettings): …
kafka = kafka_of(settings)
"""

from typing import Protocol

from pydantic import BaseModel, Field, SecretStr

from bus.kafka import Kafka


class KafkaSettings(BaseModel):
    """All of it optional: a Kafka on loopback asks nobody."""

    kafka_username: str | None = Field(None, description="SASL user, if Kafka asks")
    kafka_password: SecretStr | None = None
    kafka_mechanism: str = Field("SCRAM-SHA-512", pattern="^(SCRAM-SHA-(256|512)|PLAIN)$")
    kafka_tls: bool = Field(False, description="use TLS and trust the system's authorities")
    kafka_ca: str | None = Field(None, description="path of a PEM file; use TLS and trust this one")


class Told(Protocol):
    """What any service is told of Kafka."""

    @property
    def kafka_bootstrap(self) -> str: ...


def kafka_of(settings: Told) -> Kafka:
    """Make a Kafka of a service's settings; without `KafkaSettings` in them the line is plain."""
    if not isinstance(settings, KafkaSettings):
        return Kafka(settings.kafka_bootstrap)
    password = settings.kafka_password
    return Kafka(
        settings.kafka_bootstrap,
        username=settings.kafka_username,
        password=password.get_secret_value() if password else None,
        mechanism=settings.kafka_mechanism,
        tls=settings.kafka_tls or settings.kafka_ca is not None,
        ca_file=settings.kafka_ca,
    )
