"""How the bus signs in to Kafka."""

import pytest
from pydantic_settings import SettingsConfigDict

from bus.kafka import Kafka
from bus.settings import KafkaSettings, kafka_of
from kit.settings import ServiceSettings, load


def test_without_a_user_the_line_is_plain() -> None:
    assert Kafka("a:1").options() == {"bootstrap_servers": "a:1", "security_protocol": "PLAINTEXT"}


def test_a_user_signs_in_with_scram() -> None:
    options = Kafka("a:1", username="registry", password="secret").options()
    assert options["security_protocol"] == "SASL_PLAINTEXT"
    assert (options["sasl_mechanism"], options["sasl_plain_username"]) == ("SCRAM-SHA-512", "registry")


def test_tls_comes_with_a_context_that_checks_the_server() -> None:
    options = Kafka("a:1", username="registry", password="secret", tls=True).options()
    assert options["security_protocol"] == "SASL_SSL"
    assert options["ssl_context"].check_hostname


def test_a_password_is_never_shown() -> None:
    assert "secret" not in repr(Kafka("a:1", username="registry", password="secret"))


class _Settings(KafkaSettings, ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="CAT_")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    required = {
        "DATABASE_URL": "postgresql+asyncpg://cat@db/cat", "DATABASE_PASSWORD": "x", "KAFKA_BOOTSTRAP": "a:1",
        "HTTP_PORT": "1", "METRICS_PORT": "2", "ISSUER": "i", "AUDIENCE": "a", "JWKS_URL": "http://i/keys",
    }  # fmt: skip
    for name, value in required.items():
        monkeypatch.setenv(f"CAT_{name}", value)
    return monkeypatch


@pytest.mark.usefixtures("told")
def test_settings_without_security_give_a_plain_line() -> None:
    assert kafka_of(load(_Settings)) == Kafka("a:1")


def test_settings_name_user_password_and_authority(told: pytest.MonkeyPatch) -> None:
    for name, value in {"USERNAME": "cat", "PASSWORD": "secret", "CA": "/etc/ca.pem"}.items():
        told.setenv(f"CAT_KAFKA_{name}", value)
    made = kafka_of(load(_Settings))
    assert made == Kafka("a:1", username="cat", password="secret", tls=True, ca_file="/etc/ca.pem")
