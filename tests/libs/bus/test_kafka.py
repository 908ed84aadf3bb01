"""How the bus signs in to Kafka."""

from bus.kafka import Kafka


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
