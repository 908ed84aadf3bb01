"""The stream's parts without servers: what is acknowledged when, how it signs in, when it gives up."""

import ssl
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from faust.auth import SASLCredentials, SSLCredentials
from faust.types.auth import AuthProtocol
from faust.types.enums import ProcessingGuarantee

from bus.kafka import Kafka
from scoring import live
from scoring.ids import PersonId
from scoring.live import RECOVERED_WITHIN_S, STALLED_AFTER_S, Stalled, Watchdog
from scoring.stream import Stream, StreamCrashed
from scoring.tallies.events import CHANGELOG, SOURCE
from scoring.tallies.handlers import Tallies
from services.scoring.envelopes import new_id
from services.scoring.tallies.given import event, row

PERSON = PersonId(new_id())
KAFKA = Kafka("127.0.0.1:1", "t1.")


@dataclass
class Event:
    """What Faust hands to the agent."""

    key: bytes
    value: bytes
    log: list[str]
    message: Any = field(default_factory=lambda: SimpleNamespace(partition=2, offset=41))

    def ack(self) -> None:
        self.log.append("acknowledged")


@pytest.fixture
def stream() -> Stream:
    return live.stream(KAFKA, Tallies(), 3)


@pytest.fixture
def log(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happened, in order; the changelog takes everything."""
    happened: list[str] = []
    changelog(stream, monkeypatch, happened)
    return happened


def changelog(stream: Stream, monkeypatch: pytest.MonkeyPatch, log: list[str], fault: Exception | None = None) -> None:
    async def sent(partition: int) -> None:
        log.append(f"changelog {partition}")
        if fault:
            raise fault

    monkeypatch.setattr(stream.table, "send_changelog", lambda partition, *_: sent(partition))


async def test_a_row_is_in_the_changelog_at_its_keys_partition_before_its_event_is_acknowledged(
    stream: Stream, log: list[str]
) -> None:
    await stream.take([Event(PERSON.encode(), event(PERSON, row(1, 650)), log)])  # type: ignore[list-item]
    assert log == ["changelog 2", "acknowledged"]
    assert stream.applied == {2: 42}
    assert set(stream.table.keys()) == {PERSON.encode()}


async def test_a_duplicate_is_acknowledged_and_not_written_again(stream: Stream, log: list[str]) -> None:
    for _ in range(2):
        await stream.take([Event(PERSON.encode(), event(PERSON, row(1, 650)), log)])  # type: ignore[list-item]
    assert log == ["changelog 2", "acknowledged", "acknowledged"]


async def test_what_the_changelog_did_not_take_is_not_acknowledged(
    stream: Stream, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    changelog(stream, monkeypatch, log, OSError("gone"))
    with pytest.raises(OSError, match="gone"):
        await stream.take([Event(PERSON.encode(), event(PERSON, row(1, 650)), log)])  # type: ignore[list-item]
    assert (log, stream.applied) == (["changelog 2"], {})


async def test_the_changelog_has_the_catalogues_name_and_the_prefix(stream: Stream) -> None:
    assert stream.changelog == f"t1.{CHANGELOG}"
    assert stream.agent.channel.get_topic_name() == f"t1.{SOURCE}"


async def test_the_settings_are_those_that_were_measured(stream: Stream) -> None:
    conf = stream.app.conf
    assert str(conf.processing_guarantee) == str(ProcessingGuarantee.AT_LEAST_ONCE)
    assert (conf.stream_wait_empty, conf.web_enabled) == (True, False)
    assert (conf.broker_session_timeout, conf.broker_heartbeat_interval) == (10, 3)
    assert (conf.topic_disable_leader, conf.topic_allow_declare, str(conf.store)) == (True, False, "memory:")
    assert conf.agent_supervisor.__name__ == "CrashingSupervisor"  # type: ignore[attr-defined]
    assert stream.agent.concurrency == 1


async def test_a_crash_is_told_to_whoever_asks(stream: Stream) -> None:
    stream.require_alive()
    stream.app._crash(KeyError())
    with pytest.raises(StreamCrashed, match="KeyError"):
        stream.require_alive()


async def test_it_signs_in_as_the_bus_does() -> None:
    told = Kafka("a:1, b:2", username="scoring", password="secret", mechanism="SCRAM-SHA-256")
    app = live.stream(told, Tallies(), 1).app
    signed = app.conf.broker_credentials
    assert isinstance(signed, SASLCredentials)
    assert (signed.username, signed.password, signed.mechanism.value) == ("scoring", "secret", "SCRAM-SHA-256")
    assert signed.protocol is AuthProtocol.SASL_PLAINTEXT
    assert [url.authority for url in app.conf.broker] == ["a:1", "b:2"]


async def test_over_tls_it_trusts_whom_the_bus_trusts() -> None:
    both = [Kafka("a:1", username=name, password="secret", tls=True) for name in ("scoring", None)]
    signed, unsigned = (live.stream(told, Tallies(), 1).app.conf.broker_credentials for told in both)
    assert isinstance(signed, SASLCredentials)
    assert isinstance(unsigned, SSLCredentials)
    assert (signed.protocol, unsigned.protocol) == (AuthProtocol.SASL_SSL, AuthProtocol.SSL)
    assert isinstance(signed.ssl_context, ssl.SSLContext)
    assert unsigned.context.verify_mode is ssl.CERT_REQUIRED


@pytest.fixture
def dog(stream: Stream) -> Watchdog:
    """It and its stream began at 1,000 s."""
    stream.tallies.recovered = True
    stream.moved_at = 1000
    made = Watchdog(stream, KAFKA)
    made._well_at = made._began = 1000
    return made


async def test_a_lag_without_a_batch_for_a_minute_ends_it(dog: Watchdog) -> None:
    dog.judge(5, 1000 + STALLED_AFTER_S)
    with pytest.raises(Stalled, match="5 events wait"):
        dog.judge(5, 1001 + STALLED_AFTER_S)


async def test_a_batch_meanwhile_gives_it_another_minute(dog: Watchdog, stream: Stream) -> None:
    stream.moved_at = 1030
    dog.judge(5, 1001 + STALLED_AFTER_S)


async def test_nothing_to_hear_is_no_stall(dog: Watchdog) -> None:
    dog.judge(0, 5000)
    dog.judge(5, 5000 + STALLED_AFTER_S)


async def test_rows_that_never_come_back_end_it_too(dog: Watchdog, stream: Stream) -> None:
    stream.tallies.recovered = False
    dog.judge(5, 1000 + RECOVERED_WITHIN_S)
    with pytest.raises(Stalled, match="not back"):
        dog.judge(5, 1001 + RECOVERED_WITHIN_S)
